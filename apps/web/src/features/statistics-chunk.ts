/** The figures of the call, loaded when they are asked for. */
export { StatisticsPanel } from './statistics/statistics-panel.tsx';
