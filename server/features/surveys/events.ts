/** What happens to surveys. Scores only: what somebody wrote stands in the survey's own row, where it can be erased. */
declare module '../../kernel/events.ts' {
  interface EventTypes {
    'survey.asked': { surveyId: string }
    'survey.answered': { surveyId: string; score: number; via: 'mail' | 'portal' }
    'survey.commented': { surveyId: string }
    'survey.followed-up': { surveyId: string; toId: string }
    'survey.comment-erased': { surveyId: string }
    'survey.settings-changed': { fields: string[] }
  }
}

declare module '../../kernel/jobs.ts' {
  interface JobTypes {
    'surveys.ask': { ticketId: string; when: 'closed' | 'resolved' }
    'surveys.follow-up': { surveyId: string }
  }
}

export {}
