"use strict";
// Reads a QR code from the camera or from a picture and hands its text to the server, which alone judges it.
// The browser's own reader first where there is one, else the WebAssembly reader that we ship.
(() => {
  const LONGEST_SIDE = 1280; // pixels handed to the reader: a plate at arm's length still has four per module
  const PICTURE_SIDE = 2400; // a photograph may show the plate small
  const PAUSE = 90; // milliseconds between two looks: ten a second, and the telephone stays cool
  const FOREIGN_PATIENCE = 1500; // milliseconds in which a code of ours beside another one may still be found

  const root = document.getElementById("scanner");
  const video = document.getElementById("camera");
  const status = document.getElementById("scan-status");
  const torch = document.getElementById("torch");
  const again = document.getElementById("again");
  const found = document.getElementById("found");
  const file = document.getElementById("picture-file");
  const choice = document.getElementById("picture-choose");
  const viewfinder = document.getElementById("viewfinder");
  const send = document.getElementById("picture-send");
  const words = root.dataset;

  let stream = null;
  let timer = 0;
  let done = false;
  let foreignSince = 0;
  let native = null;

  const say = (text) => {
    status.textContent = text;
  };

  // One reader for video frames, pictures and canvases; resolves with the texts that were read.
  ZXingWASM.prepareZXingModule({
    overrides: { locateFile: (path, prefix) => (path.endsWith(".wasm") ? words.wasm : prefix + path) },
  });
  const readPixels = async (pixels) => {
    const results = await ZXingWASM.readBarcodes(pixels, {
      formats: ["QRCode"],
      tryHarder: true,
      textMode: "Plain", // as the server reads it
      maxNumberOfSymbols: 16,
    });
    return results.map((result) => result.text).filter(Boolean);
  };

  const makeNative = async () => {
    if (!("BarcodeDetector" in window)) return null;
    try {
      const formats = await BarcodeDetector.getSupportedFormats();
      return formats.includes("qr_code") ? new BarcodeDetector({ formats: ["qr_code"] }) : null;
    } catch {
      return null;
    }
  };

  const canvas = document.createElement("canvas");
  const pixelsOf = (source, width, height, side, ground = "#fff") => {
    const scale = Math.min(1, side / Math.max(width, height));
    canvas.width = Math.max(1, Math.round(width * scale));
    canvas.height = Math.max(1, Math.round(height * scale));
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.fillStyle = ground; // a picture with a clear ground would be black on black
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(source, 0, 0, canvas.width, canvas.height);
    return context.getImageData(0, 0, canvas.width, canvas.height);
  };

  const readFrame = async () => {
    if (native) {
      try {
        const codes = await native.detect(video);
        const texts = codes.map((code) => code.rawValue).filter(Boolean);
        if (texts.length) return texts;
        return [];
      } catch {
        native = null; // some devices offer a reader that never works
      }
    }
    return readPixels(pixelsOf(video, video.videoWidth, video.videoHeight, LONGEST_SIDE));
  };

  // The position is asked for only while the officer wants it compared, and rounded before it is sent.
  const compare = document.getElementById("with-position");
  const WANTED = "compare-position";
  const POSITION_AGE = 30000; // milliseconds in which nobody walks 300 m
  let place = null;
  let watch = null;
  const follow = () => {
    if (watch !== null) navigator.geolocation.clearWatch(watch);
    watch = place = null;
    localStorage.setItem(WANTED, compare.checked ? "1" : "");
    if (!compare.checked) return;
    const keep = ({ coords }) => {
      place = coords;
    };
    const lose = () => {
      place = null;
    };
    watch = navigator.geolocation.watchPosition(keep, lose, { enableHighAccuracy: true, maximumAge: POSITION_AGE });
  };
  if (navigator.geolocation) {
    document.getElementById("compare").hidden = false;
    compare.checked = localStorage.getItem(WANTED) === "1";
    compare.addEventListener("change", follow);
    follow();
  }
  const addField = (name, value) => {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value });
    field.dataset.more = "";
    found.append(field);
  };

  // All of them: the server passes over those of others and lets the worst of ours count.
  const submit = (texts) => {
    if (done) return;
    done = true;
    say(words.found);
    stop();
    const [first, ...others] = texts;
    for (const field of found.querySelectorAll("[data-more]")) field.remove();
    found.querySelector("[name=text]").value = first;
    for (const text of others) addField("text", text);
    if (place) {
      addField("latitude", place.latitude.toFixed(3)); // about 100 m
      addField("longitude", place.longitude.toFixed(3));
      addField("accuracy", String(Math.ceil(place.accuracy)));
    }
    found.submit();
  };

  // A code of ours counts at once; another one (a payment code beside the plate) only when ours does not turn up.
  const home = words.home.toLowerCase();
  const choose = (texts) => {
    if (texts.some((text) => text.trim().toLowerCase().startsWith(home))) return texts;
    if (!texts.length) return null;
    foreignSince = foreignSince || performance.now();
    return performance.now() - foreignSince > FOREIGN_PATIENCE ? texts : null;
  };

  const look = async () => {
    if (done || !stream) return;
    if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && video.videoWidth) {
      try {
        const texts = choose(await readFrame());
        if (texts) {
          submit(texts);
          return;
        }
      } catch {
        say(words.missing);
        stop();
        return;
      }
    }
    timer = window.setTimeout(look, PAUSE);
  };

  const stop = () => {
    window.clearTimeout(timer);
    if (stream) for (const track of stream.getTracks()) track.stop();
    stream = null;
    torch.hidden = true;
  };

  const offerTorch = () => {
    const [track] = stream.getVideoTracks();
    const able = track.getCapabilities ? track.getCapabilities() : {};
    torch.hidden = !able.torch;
    torch.setAttribute("aria-pressed", "false");
  };

  const start = async () => {
    again.hidden = true;
    if (done || stream) return;
    viewfinder.hidden = false;
    if (!navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) {
      say(words.missing);
      viewfinder.hidden = true; // the other ways belong on the first screen
      return;
    }
    say(words.starting);
    try {
      stream = await navigator.mediaDevices.getUserMedia({
        audio: false,
        video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } },
      });
      video.srcObject = stream;
      await video.play();
    } catch (error) {
      stop();
      say(error.name === "NotAllowedError" ? words.denied : words.missing);
      viewfinder.hidden = true;
      again.hidden = false;
      return;
    }
    foreignSince = 0;
    offerTorch();
    say(words.looking);
    look();
  };

  torch.addEventListener("click", async () => {
    const [track] = stream ? stream.getVideoTracks() : [];
    if (!track) return;
    const on = torch.getAttribute("aria-pressed") !== "true";
    try {
      await track.applyConstraints({ advanced: [{ torch: on }] });
      torch.setAttribute("aria-pressed", String(on));
    } catch {
      torch.hidden = true;
    }
  });

  const readPicture = async (picture) => {
    const image = await createImageBitmap(picture, { imageOrientation: "from-image" });
    try {
      // Light modules on a clear ground vanish on white; the server tries the two in the same order. JPEG has no clear ground.
      for (const ground of picture.type === "image/jpeg" ? ["#fff"] : ["#fff", "#000"]) {
        const texts = await readPixels(pixelsOf(image, image.width, image.height, PICTURE_SIDE, ground));
        if (texts.length) return texts;
      }
      return [];
    } finally {
      image.close();
    }
  };

  file.addEventListener("change", async () => {
    const [picture] = file.files;
    if (!picture || done) return;
    say(words.reading);
    try {
      const texts = await readPicture(picture);
      if (texts.length) {
        submit(texts);
        return;
      }
      say(words.nothing);
      file.value = "";
      status.scrollIntoView({ block: "nearest" });
    } catch {
      file.form.requestSubmit(); // this browser cannot unpack the picture: the server reads it
    }
  });

  again.addEventListener("click", start);
  document.addEventListener("visibilitychange", () => (document.hidden ? stop() : start()));
  window.addEventListener("pagehide", stop);
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    done = false;
    start();
  });

  root.hidden = false;
  send.hidden = true; // choosing a picture is enough
  file.hidden = true;
  choice.hidden = false;
  choice.addEventListener("click", () => file.click());
  makeNative().then((reader) => {
    native = reader;
    start();
  });
})();
