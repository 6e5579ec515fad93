namespace Refrag.JobLogs;

/// <summary>One line of a job's log.</summary>
/// <param name="Stream">Where it stands.</param>
/// <param name="At">When it was written; null if the service does not report it.</param>
/// <param name="Text">The line, without its end.</param>
public sealed record LogLine(JobStream Stream, DateTimeOffset? At, string Text);

/// <summary>The log stream of one attempt of one job, array child or node.</summary>
/// <param name="Group">The log group.</param>
/// <param name="Name">The stream's name.</param>
/// <param name="Part">The array index or node number that a prefix shows; null for a job of one container.</param>
/// <param name="Attempt">The attempt, from 1.</param>
public sealed record JobStream(string Group, string Name, int? Part, int Attempt);
