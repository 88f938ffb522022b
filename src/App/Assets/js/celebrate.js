// Confetti from both lower corners, behind the text; loaded only by a page that celebrates, where motion is welcome.
import confetti from "canvas-confetti";

const colors = ["#ffc53d", "#ffffff", "#98a1ff", "#ff7bb0", "#4ade9f", "#ff8f5a"];

export function celebrate(canvas) {
  const fire = confetti.create(canvas, { resize: true, useWorker: false });
  const end = performance.now() + 7000;
  let next = 0;
  const frame = now => {
    if (now > next) {
      next = now + 110;
      const particleCount = now < end - 5500 ? 7 : 3;
      fire({ particleCount, angle: 62, spread: 60, startVelocity: 62, ticks: 260, origin: { x: 0, y: 1 }, colors });
      fire({ particleCount, angle: 118, spread: 60, startVelocity: 62, ticks: 260, origin: { x: 1, y: 1 }, colors });
    }
    if (now < end) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}
