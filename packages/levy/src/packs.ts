import nationData from '../../../policies/nation.json' with { type: 'json' };
import zhejiangData from '../../../policies/zhejiang.json' with { type: 'json' };
import type { PackData } from './pack.ts';
import { definePolicy } from './policy.ts';
import type { Policy } from './rules.ts';

/** Rules of the nation: pensions, annuity, work injury's scale, the 2020 relief, the calendars. */
export const nation: PackData = nationData;

/** Zhejiang with Hangzhou and Ningbo. */
export const zhejiang: PackData = zhejiangData;

/** The nation's and Zhejiang's rules, compiled. */
export const nationalAndZhejiang: Policy = definePolicy([nation, zhejiang]);

/** Everything that is published here, compiled. */
export const knownPolicy: Policy = definePolicy([nation, zhejiang]);
