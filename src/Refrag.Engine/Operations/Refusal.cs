namespace Refrag.Engine.Operations;

/// <summary>An operation is refused; the caller gets it as Batch's ClientException.</summary>
internal sealed class Refusal(string message) : Exception(message);

/// <summary>An operation failed by a bug; the caller gets it as Batch's ServerException.</summary>
internal sealed class EngineFault(Exception inner) : Exception($"RF4019 a bug in refrag: {inner.GetType().Name}: {inner.Message} Please report it.", inner);
