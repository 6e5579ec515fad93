namespace Refrag.Engine.Logs;

/// <summary>When a stream's first line was printed, and its latest.</summary>
internal sealed record LogTimes(DateTimeOffset First, DateTimeOffset Last);
