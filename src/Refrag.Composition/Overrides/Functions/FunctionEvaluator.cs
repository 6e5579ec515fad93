namespace Refrag.Composition.Overrides.Functions;

/// <summary>Evaluates calls as they are read.</summary>
internal sealed class FunctionEvaluator(string text, OverrideOptions options)
{
    /// <summary>What the calls used beyond the reference.</summary>
    public OverrideExtensions Extensions { get; private set; }

    public OverrideValue? Evaluate(FunctionCall call, out Problem? problem)
    {
        problem = null;
        Answer answer = Evaluate(call);
        if (answer.Fault is { } fault) problem = Place(fault, call);
        return answer.Value;
    }

    private Answer Evaluate(FunctionCall call)
    {
        if (!FunctionTable.ByName.TryGetValue(call.Name, out FunctionSignature? function)
            || (options.Dialect == OverrideDialect.Hydra && function.Name == "zip"))
            return FunctionFaults.Unknown(call);
        var arguments = new BoundArguments(call, options);
        if (arguments.Bind(function) is { } fault) return fault;
        Answer answer = function.Run(arguments);
        Extensions |= arguments.Extensions;
        return answer;
    }

    private Problem Place(CallFault fault, FunctionCall call) => new()
    {
        Code = fault.Code,
        What = fault.What,
        Cause = fault.Cause,
        Cure = fault.Cure,
        Place = (fault.Span ?? call.Span).In(text),
    };
}
