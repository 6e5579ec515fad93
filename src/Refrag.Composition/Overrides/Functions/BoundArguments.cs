namespace Refrag.Composition.Overrides.Functions;

/// <summary>
/// A call's arguments, sorted out by its function's signature. Quotes around whole arguments are gone: a function sees plain strings.
/// </summary>
internal sealed class BoundArguments(FunctionCall call, OverrideOptions options)
{
    private readonly Dictionary<string, Argument> _named = new(StringComparer.Ordinal);

    public FunctionCall Call => call;

    public OverrideOptions Options => options;

    /// <summary>The arguments without a name that no parameter took.</summary>
    public List<OverrideValue> Rest { get; } = [];

    /// <summary>What the evaluation used beyond the reference.</summary>
    public OverrideExtensions Extensions { get; set; }

    public OverrideValue? this[string name] => _named.GetValueOrDefault(name)?.Value;

    /// <summary>A parameter's value; null if it was not given or is null.</summary>
    public OverrideValue? NotNull(string name) => this[name] is { } value and not NullValue ? value : null;

    /// <summary>Binds, and checks types. Gives the fault, or null.</summary>
    public CallFault? Bind(FunctionSignature signature)
    {
        int position = 0;
        foreach (Argument written in call.Arguments)
        {
            Argument argument = written.Value is QuotedValue quoted ? written with { Value = new TextValue(quoted.Text) } : written;
            CallFault? fault = argument.Name is null ? BindNext(signature, argument, position++) : BindNamed(signature, argument);
            if (fault is not null) return fault;
        }
        return signature.Parameters.FirstOrDefault(parameter => parameter.IsRequired && !_named.ContainsKey(parameter.Name)) is { } missing
            ? FunctionFaults.Missing(call, signature, missing)
            : null;
    }

    private CallFault? BindNext(FunctionSignature signature, Argument argument, int position)
    {
        if (signature.Rest is { } types)
        {
            Rest.Add(argument.Value);
            return ValueTypes.Of(argument.Value).IsIn(types)
                ? null
                : FunctionFaults.Type(call, argument, types, $"argument {position + 1}");
        }
        return position < signature.Parameters.Count
            ? Take(signature.Parameters[position], argument)
            : FunctionFaults.TooMany(call, signature, argument);
    }

    private CallFault? BindNamed(FunctionSignature signature, Argument argument)
    {
        Parameter? parameter = signature.Parameters.FirstOrDefault(parameter => parameter.Name == argument.Name);
        if (parameter is null) return FunctionFaults.UnknownName(call, signature, argument);
        // The last of several with one name counts, as in the reference; but one that has its value by position cannot take another.
        return _named.TryGetValue(parameter.Name, out Argument? taken) && taken.Name is null
            ? FunctionFaults.Twice(call, argument)
            : Take(parameter, argument);
    }

    private CallFault? Take(Parameter parameter, Argument argument)
    {
        _named[parameter.Name] = argument;
        return ValueTypes.Of(argument.Value).IsIn(parameter.Types)
            ? null
            : FunctionFaults.Type(call, argument, parameter.Types, parameter.Name);
    }
}
