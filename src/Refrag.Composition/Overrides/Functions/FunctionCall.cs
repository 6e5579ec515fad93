namespace Refrag.Composition.Overrides.Functions;

/// <summary>One argument of a call, quotes still on.</summary>
internal sealed record Argument(string? Name, OverrideValue Value, TextSpan Span);

/// <summary>A call as it was written.</summary>
internal sealed record FunctionCall(string Name, TextSpan NameSpan, TextSpan Span, IReadOnlyList<Argument> Arguments);

/// <summary>A mistake in a call, without its place: the evaluator knows where the call stands.</summary>
internal sealed record CallFault(string Code, string What, string Cure, string? Cause = null)
{
    /// <summary>The argument that is wrong; null for the call as a whole.</summary>
    public TextSpan? Span { get; init; }
}

/// <summary>A function's answer: a value or a fault.</summary>
internal readonly struct Answer
{
    private Answer(OverrideValue? value, CallFault? fault) => (Value, Fault) = (value, fault);

    public OverrideValue? Value { get; }

    public CallFault? Fault { get; }

    public static implicit operator Answer(OverrideValue value) => new(value, null);

    public static implicit operator Answer(CallFault fault) => new(null, fault);
}
