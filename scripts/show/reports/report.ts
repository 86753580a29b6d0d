import { type ChartData } from "../charts/chartData";
import { type Markup } from "./htmlFile";

/** A report before it is a file: its charts stand in the body by their places in the list. */
export interface Report {
  readonly title: string;
  readonly body: Markup;
  readonly charts: readonly ChartData[];
}
