/** A run of cells with one style. Colours are the raw SGR parameters, such as `38;5;248`, or empty for the default. */
export interface StyledRun {
  readonly text: string;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly reverse: boolean;
  readonly italic: boolean;
  readonly foreground: string;
  readonly background: string;
}

export interface ScreenRow {
  /** Text without styles, trailing blanks removed. */
  readonly text: string;
  readonly runs: readonly StyledRun[];
}

/** What a pane shows at one instant, taken in one step of the tmux server's queue. */
export interface Screen {
  /** Visible rows, top first; always `height` of them. */
  readonly rows: readonly ScreenRow[];
  readonly width: number;
  readonly height: number;
  readonly cursorX: number;
  readonly cursorY: number;
  readonly title: string;
  readonly alternate: boolean;
  /** The pane is in copy mode or another mode of tmux. */
  readonly inMode: boolean;
  readonly dead: boolean;
  readonly panePid: number;
  /** Foreground command that tmux names. */
  readonly command: string;
  /** Values of the user options that deliveries leave on the pane (see tmux/guarded-input.ts). */
  readonly typedMark: string;
  readonly pressedMark: string;
}
