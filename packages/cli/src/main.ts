#!/usr/bin/env node
import { Command } from 'commander';
import { addConformanceCommand } from './conformance-command.ts';
import { addLevyCommand } from './levy-command.ts';
import { addOperateCommand } from './operate-command.ts';

const program = new Command('shebao').description('单位社保费管理：命令行工具');
addLevyCommand(program);
addConformanceCommand(program);
addOperateCommand(program);
await program.parseAsync();
