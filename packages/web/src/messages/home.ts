/** Home: this month as a task list. */
export const home = {
  title: '首页',
  heading: (period: string) => `${period} 本月办理`,
  deadline: (day: string) => `申报缴费截止 ${day}`,
  steps: {
    update: '职工参保信息更新',
    wage: '缴费工资申报',
    declare: '社保费申报',
    pay: '缴费',
    certificate: '缴费证明',
  },
  states: {
    done: '已完成',
    todo: '待办理',
    running: '办理中',
    blocked: '暂不能办理',
    none: '无需办理',
  },
  people: (count: number) => `${count} 人`,
  amount: (text: string) => `${text} 元`,
  messages: '最近的任务与消息',
  noMessages: '没有新的消息',
  history: '近十二个月应缴费额（按险种）',
  historySummary: (from: string, to: string, total: string) =>
    `${from} 至 ${to} 各月应缴费额按险种堆叠的柱形图，合计 ${total} 元；下方可用表格查看。`,
  historyTable: '用表格查看',
  noHistory: '还没有往期数据',
  month: '费款所属期',
  total: '合计',
  noQuery: '您没有查询本单位汇总数据的权限，可从功能菜单进入各项业务。',
};
