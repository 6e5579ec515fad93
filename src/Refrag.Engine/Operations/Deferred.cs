namespace Refrag.Engine.Operations;

/// <summary>
/// An answer of which a part lies on disk. The writer loop has given its part; the rest is read on the caller's time, so that reading never holds up writing.
/// </summary>
/// <param name="Finish">Reads the rest. May be called from any thread.</param>
internal sealed record Deferred(Func<object> Finish);
