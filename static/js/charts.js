/* Every chart of the product is drawn here, with one configuration and one theme taken from the tokens.
   A chart is a .chart element: a figure as JSON, an empty .chart-plot, a .chart-table that is the same in
   figures. The JSON names colours as token names ("c-1"); they are looked up when drawing, so that a change
   of theme is a redraw. */
"use strict";

/* plotly's own locale files are modules a browser cannot load; these lines are all of it we need. */
const ZH_CN = {
  moduleType: "locale",
  name: "zh-CN",
  dictionary: {},
  format: {
    days: ["星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"],
    shortDays: ["周日", "周一", "周二", "周三", "周四", "周五", "周六"],
    months: ["一月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "十一月", "十二月"],
    shortMonths: ["1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"],
    date: "%Y-%m-%d",
  },
};

/* No mode bar, no logo, and above all no button that sends a merchant's figures anywhere. */
const CONFIG = {
  displayModeBar: false,
  displaylogo: false,
  showSendToCloud: false,
  showEditInChartStudio: false,
  plotlyServerURL: "",
  responsive: true,
  locale: document.documentElement.lang === "en" ? "en" : "zh-CN",
};

const TOKEN_KEYS = new Set(["color", "fillcolor", "bgcolor", "bordercolor", "gridcolor", "linecolor"]);

function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--sg-${name}`).trim() || name;
}

/* A deep copy of the figure with token names turned into today's colours. */
function coloured(value, key) {
  if (Array.isArray(value)) return value.map((item) => coloured(item, key));
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, coloured(item, name)]));
  }
  return TOKEN_KEYS.has(key) && typeof value === "string" ? token(value) : value;
}

function themed(layout) {
  const font = { family: token("font-sans"), size: 12, color: token("text-2") };
  const axis = { tickfont: { ...font, color: token("c-axis") }, gridcolor: token("c-grid"),
    linecolor: token("line-strong"), zeroline: false, ticks: "", fixedrange: true };
  return {
    ...layout,
    font,
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    showlegend: false,
    dragmode: false,
    hovermode: "x unified",
    hoverlabel: { bgcolor: token("c-hover"), bordercolor: token("c-hover"),
      font: { ...font, color: token("c-hover-text") } },
    xaxis: { ...axis, showgrid: false, showline: true, ...layout.xaxis },
    yaxis: { ...axis, showline: false, ...layout.yaxis },
  };
}

/* On a phone every second month is named. */
const NARROW = 420;

function fitted(layout, width) {
  if (width >= NARROW || layout.xaxis?.dtick !== "M1") return layout;
  return { ...layout, xaxis: { ...layout.xaxis, dtick: "M2" }, margin: { ...layout.margin, l: 30 } };
}

/* And the figures on bars are smaller there, so that they do not run into the next bar. */
function smaller(data, width) {
  return width >= NARROW ? data : data.map((trace) => trace.type === "bar" && trace.textfont
    ? { ...trace, textfont: { ...trace.textfont, size: 10 } } : trace);
}

function draw(chart) {
  const plot = chart.querySelector(".chart-plot");
  if (chart.dataset.view !== "chart" || !plot.offsetWidth || chart.hasAttribute("data-empty")) return;
  const figure = coloured(JSON.parse(document.getElementById(plot.dataset.figure).textContent));
  Plotly.react(plot, smaller(figure.data, plot.offsetWidth), themed(fitted(figure.layout, plot.offsetWidth)), CONFIG);
}

function show(chart, view) {
  chart.dataset.view = view;
  for (const button of chart.querySelectorAll("[data-show]")) {
    button.setAttribute("aria-pressed", button.dataset.show === view);
  }
  draw(chart);
}

function charts() {
  return document.querySelectorAll(".chart");
}

Plotly.register(ZH_CN);
document.addEventListener("click", (event) => {
  const button = event.target.closest(".chart-switch [data-show]");
  if (button) show(button.closest(".chart"), button.dataset.show);
});
document.addEventListener("themechange", () => requestAnimationFrame(() => charts().forEach(draw)));
document.addEventListener("htmx:afterSettle", () => charts().forEach((chart) => show(chart, "chart")));
charts().forEach((chart) => show(chart, "chart"));
