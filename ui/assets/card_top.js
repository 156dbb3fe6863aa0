/* Brings the head of a card into sight when another parcel's card is shown. */
let shown = null;
export default function (component) {
  const { data, parentElement } = component;
  if (data.parcel === shown) return;
  shown = data.parcel;
  const root = parentElement.getRootNode();
  const here = root.host || parentElement;
  const top = () => {
    const card = here.closest(".st-key-site_card");
    const pane = here.closest('[data-testid="stColumn"]');
    if (!card || !pane) return;
    pane.scrollTop = 0;
    // On a phone the pane does not scroll, the page does.
    if (window.matchMedia("(max-width: 900px)").matches) card.scrollIntoView({ block: "start" });
  };
  // The page shrinks and grows while it is drawn anew: hold on until it rests, or until
  // the reader moves it.
  const until = Date.now() + 3500;
  let free = false;
  for (const sign of ["wheel", "touchstart", "pointerdown", "keydown"]) {
    document.addEventListener(sign, () => { free = true; }, { once: true, passive: true, capture: true });
  }
  (function hold() {
    if (free || Date.now() > until || !here.isConnected) return;
    top();
    setTimeout(hold, 150);
  })();
  return () => { if (!here.isConnected) shown = null; };
}
