namespace Refrag.Engine.Operations;

/// <summary>An operation is refused; the caller gets it as Batch's ClientException.</summary>
internal sealed class Refusal(string message) : Exception(message);
