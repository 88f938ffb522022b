// One stream for all tabs of a person: HTTP/1.1 allows six connections to a host, so five tabs with one each would starve the
// sixth. The tab that holds the lock has the EventSource and passes on what it hears; when it goes, the next one takes over.
// Where the line breaks, all of them say so after a while, and stop saying it when it stands again.
// Locks need HTTPS or localhost: on plain HTTP each visible tab has a stream of its own.

const fresh = 120_000, patience = 5_000;

/** Dispatches "live:award", "live:notice", "live:quiet" and "live:changed" on the document. Of the first three `onNews` hears, too, and by
 * "shown" of what another tab has shown. `host` carries data-live (number to start after), data-since (when the page was begun, by the
 * server's clock) and data-person. */
export function followLive(host, onNews) {
  if (!host) return;
  const name = "laurel-live-" + host.dataset.person;
  const channel = "BroadcastChannel" in window ? new BroadcastChannel(name) : null;
  let source, release, waiting;
  // When each topic was last told, by the server's clock: for the tab that opens while another one listens.
  const told = new Map();

  // A page that replaces another goes on where that one stopped; after a pause only news since this page was made count.
  const remembered = () => {
    try {
      const { number, at } = JSON.parse(localStorage.getItem(name));
      return Date.now() - at < fresh ? number : null;
    } catch { return null; }
  };
  let last = remembered() ?? host.dataset.live;
  const remember = id => {
    if (id) last = id;
    try { localStorage.setItem(name, JSON.stringify({ number: last, at: Date.now() })); } catch { /* private mode */ }
  };

  const deliver = (type, detail) => {
    if (type === "award" || type === "notice" || type === "quiet") onNews(type, detail, channel);
    document.dispatchEvent(new CustomEvent("live:" + type, { detail }));
  };
  let losing;
  const stands = (does, tell = true) => {
    clearTimeout(losing);
    losing = null;
    if (tell) channel?.postMessage({ type: does ? "back" : "lost" });
    document.dispatchEvent(new CustomEvent("live:" + (does ? "back" : "lost")));
  };
  const breaks = () => { losing ??= setTimeout(() => stands(false), patience); };
  const hear = type => event => {
    remember(event.lastEventId);
    if (type === "ping") return;
    const detail = event.data ? JSON.parse(event.data) : {};
    if (detail.topic) told.set(detail.topic, detail.at);
    channel?.postMessage({ type, detail, last });
    deliver(type, detail);
  };
  channel?.addEventListener("message", ({ data }) => {
    if (data.last) last = data.last;
    if (data.type === "back" || data.type === "lost") stands(data.type === "back", false);
    else if (data.type === "since") {
      if (source) told.forEach((at, topic) => { if (at >= data.since) channel.postMessage({ type: "changed", detail: { topic, at } }); });
    } else if (data.type === "shown") onNews("shown", data.detail, channel);
    else deliver(data.type, data.detail);
  });

  const open = () => {
    if (source) return;
    source = new EventSource("/live?after=" + encodeURIComponent(last) + "&since=" + encodeURIComponent(host.dataset.since));
    for (const type of ["award", "notice", "quiet", "changed", "ping"]) source.addEventListener(type, hear(type));
    source.onopen = () => stands(true);
    source.onerror = () => {
      if (source?.readyState !== EventSource.CLOSED) { breaks(); return; }
      // After a refusal (signed out, too many streams, a proxy whose server is gone) the browser does not try again by itself.
      close();
      setTimeout(begin, 30_000 + Math.random() * 10_000);
      fetch("/healthz", { cache: "no-store" }).then(answer => answer.ok || breaks(), breaks);
    };
  };
  const close = () => {
    source?.close();
    source = null;
    clearTimeout(losing);
    losing = null;
    waiting?.abort();
    release?.();
    waiting = release = null;
  };
  const begin = () => {
    if (source || waiting) return;
    if (!navigator.locks || !channel) {
      if (!document.hidden) open();
      return;
    }
    waiting = new AbortController();
    navigator.locks.request(name, { signal: waiting.signal }, () => new Promise(done => {
      release = done;
      open();
    })).catch(() => { /* left before its turn */ });
  };

  if (!navigator.locks || !channel)
    document.addEventListener("visibilitychange", () => document.hidden ? close() : begin());
  // Without this the page could not be kept for going back, and its lock would hold up the others.
  addEventListener("pagehide", close);
  addEventListener("pageshow", event => { if (event.persisted) begin(); });
  begin();
  channel?.postMessage({ type: "since", since: +host.dataset.since });
}
