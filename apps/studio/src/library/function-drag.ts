/**
 * The data type under which a function's name travels while it is dragged.
 */
export const FUNCTION_DRAG_TYPE = 'application/x-stormglass-function';
