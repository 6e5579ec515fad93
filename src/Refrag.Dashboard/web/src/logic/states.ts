// Batch's states in the order of a job's life, each with a shape beside its colour: no reader needs to tell colours apart.

export const order = ["SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED", "FAILED"] as const;

const shapes: Record<string, string> = {
  SUBMITTED: "○",
  PENDING: "◔",
  RUNNABLE: "◇",
  STARTING: "◐",
  RUNNING: "▶",
  SUCCEEDED: "✓",
  FAILED: "✕",
};

export const shapeOf = (status: string): string => (Object.hasOwn(shapes, status) ? shapes[status]! : "?");

/** A class name; a state that this page does not know has the look of none. */
export const classOf = (status: string): string => (Object.hasOwn(shapes, status) ? `s-${status.toLowerCase()}` : "s-unknown");

export const hasEnded = (status: string): boolean => status === "SUCCEEDED" || status === "FAILED";

export const rankOf = (status: string): number => {
  const at = (order as readonly string[]).indexOf(status);
  return at < 0 ? order.length : at;
};
