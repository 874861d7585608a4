"use strict";
// Draws the charts of the overview from the values in the page; the table beneath says the same in figures.
(() => {
  const ROW = 34; // pixels of a horizontal bar with its gap
  const FRAME = 64; // legend and axis
  const DAYS_HEIGHT = 300;
  const LABEL = 190; // pixels of a name beside its bar; longer ones are whole in the table

  const styles = getComputedStyle(document.documentElement);
  const colour = (name) => styles.getPropertyValue(name).trim();
  const STRONG = { blue: "#2f7ed8", yellow: "#c98a00", red: "#c53030", grey: "#8795a3", brand: "#2f7ed8" };
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const drawn = [];

  // ECharts would cut a name between the two code units of a character beyond the first plane (𠮷).
  const FONT = "12px"; // of labels beside bars
  const ruler = document.createElement("canvas").getContext("2d");
  const letters = (name) =>
    Intl.Segmenter ? [...new Intl.Segmenter().segment(name)].map((one) => one.segment) : [...name];
  const fit = (name) => {
    ruler.font = `${FONT} ${styles.getPropertyValue("--font")}`;
    if (ruler.measureText(name).width <= LABEL) return name;
    const left = letters(name);
    let width = ruler.measureText("…").width;
    const cut = left.findIndex((one) => (width += ruler.measureText(one).width) > LABEL);
    return `${left.slice(0, cut < 0 ? left.length : cut).join("")}…`;
  };

  const option = (data) => {
    const rows = data.kind === "rows";
    const names = { type: "category", data: data.labels, inverse: rows, axisTick: { show: false } };
    names.axisLabel = { color: colour("--ink"), formatter: rows ? fit : undefined };
    names.axisLine = { lineStyle: { color: colour("--line") } };
    const values = { type: "value", minInterval: 1, splitLine: { lineStyle: { color: colour("--line") } } };
    values.axisLabel = { color: colour("--muted"), hideOverlap: true };
    const several = data.series.length > 1;
    return {
      animation: !calm,
      aria: { enabled: true, label: { description: data.title }, decal: { show: several } },
      textStyle: { fontFamily: styles.getPropertyValue("--font") },
      grid: { left: 8, right: 24, top: several ? 40 : 12, bottom: 8, containLabel: true },
      legend: several ? { top: 0, left: 0, itemWidth: 22, textStyle: { color: colour("--ink"), fontSize: 14 } } : undefined,
      tooltip: {
        trigger: "axis",
        axisPointer: { type: "shadow" },
        confine: true,
        backgroundColor: colour("--paper"),
        borderColor: colour("--line"),
        textStyle: { color: colour("--ink") },
      },
      xAxis: rows ? values : names,
      yAxis: rows ? names : values,
      series: data.series.map((one) => ({
        name: one.name,
        type: "bar",
        stack: "all",
        barMaxWidth: 22,
        data: one.values,
        itemStyle: { color: STRONG[one.tone] },
        label: several ? undefined : { show: true, position: "right", color: colour("--ink") },
      })),
    };
  };

  const draw = (box) => {
    const data = JSON.parse(document.getElementById(`chart-data-${box.dataset.chart}`).textContent);
    const height = data.kind === "rows" ? data.labels.length * ROW + FRAME : DAYS_HEIGHT;
    box.hidden = false;
    const chart = echarts.init(box, dark.matches ? "dark" : null, { renderer: "svg", height });
    chart.setOption({ backgroundColor: "transparent", ...option(data) });
    drawn.push(chart);
  };
  const boxes = document.querySelectorAll("[data-chart]");
  for (const box of boxes) {
    draw(box);
    box.closest("figure").querySelector(".chart-table").open = false;
  }
  // Where the device turns dark in the evening, words drawn for paper would be lost on the dark ground.
  dark.addEventListener("change", () => {
    for (const chart of drawn.splice(0)) chart.dispose();
    for (const box of boxes) draw(box);
  });
  window.addEventListener("resize", () => {
    for (const chart of drawn) chart.resize();
  });
  window.addEventListener("beforeprint", () => {
    for (const table of document.querySelectorAll(".chart-table")) table.open = true;
  });
})();
