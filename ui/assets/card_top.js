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
  requestAnimationFrame(top);
  for (const wait of [250, 900]) setTimeout(top, wait);   // the page grows in steps
  return () => { if (!here.isConnected) shown = null; };
}
