import beijingData from '../../../policies/beijing.json' with { type: 'json' };
import chongqingData from '../../../policies/chongqing.json' with { type: 'json' };
import guangdongData from '../../../policies/guangdong.json' with { type: 'json' };
import jiangsuData from '../../../policies/jiangsu.json' with { type: 'json' };
import nationData from '../../../policies/nation.json' with { type: 'json' };
import shanghaiData from '../../../policies/shanghai.json' with { type: 'json' };
import zhejiangData from '../../../policies/zhejiang.json' with { type: 'json' };
import type { PackData } from './pack.ts';
import { definePolicy } from './policy.ts';
import type { Policy } from './rules.ts';

/** Rules of the nation: pensions, annuity, work injury's scale, the 2020 relief, the calendars. */
export const nation: PackData = nationData;

/** Zhejiang with Hangzhou and Ningbo. */
export const zhejiang: PackData = zhejiangData;

/** Beijing, whose base years run from July to June. */
export const beijing: PackData = beijingData;

/** Shanghai, which rounds wages first to 0.1 yuan and then to the yuan. */
export const shanghai: PackData = shanghaiData;

/** Chongqing, where back-payments took the current bounds from 2021 to 2023. */
export const chongqing: PackData = chongqingData;

/** Jiangsu with Nanjing. */
export const jiangsu: PackData = jiangsuData;

/** Guangdong with its zones; enterprises from July, institutions from January. */
export const guangdong: PackData = guangdongData;

/** Every pack there is, the nation's first. */
export const allPacks: readonly PackData[] = [
  nation,
  zhejiang,
  beijing,
  shanghai,
  chongqing,
  jiangsu,
  guangdong,
];

/** The nation's and Zhejiang's rules, compiled. */
export const nationalAndZhejiang: Policy = /* @__PURE__ */ definePolicy([nation, zhejiang]);

/** Every pack, compiled. */
export const knownPolicy: Policy = /* @__PURE__ */ definePolicy(allPacks);
