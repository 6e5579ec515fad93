namespace Refrag.Composition.Overrides.Functions;

/// <summary>What can be wrong with a call. RF112x.</summary>
internal static class FunctionFaults
{
    public static CallFault Unknown(FunctionCall call) => new(
        "RF1120",
        $"there is no function '{call.Name}'",
        $"Use one of {string.Join(", ", FunctionTable.ByName.Keys.Order(StringComparer.Ordinal))}; or put the value in quotes if the "
            + $"parentheses are text.{Suggestion.Sentence(call.Name, FunctionTable.ByName.Keys)}")
    { Span = call.NameSpan };

    public static CallFault UnknownName(FunctionCall call, FunctionSignature signature, Argument argument)
    {
        string[] names = [.. signature.Parameters.Select(parameter => parameter.Name)];
        string known = names.Length == 0 ? $"{call.Name} has no named arguments" : $"{call.Name} has {string.Join(", ", names)}";
        return new("RF1121", $"{call.Name} has no argument named '{argument.Name}'",
            $"Write {signature.Usage}; or quote '{argument.Name}=…' if it is text.{Suggestion.Sentence(argument.Name!, names)}", known)
        { Span = argument.Span };
    }

    public static CallFault Missing(FunctionCall call, FunctionSignature signature, Parameter parameter) =>
        new("RF1121", $"{call.Name} needs the argument '{parameter.Name}'", $"Write {signature.Usage}.");

    public static CallFault TooMany(FunctionCall call, FunctionSignature signature, Argument argument) =>
        new("RF1121", $"{call.Name} takes no more than {signature.Parameters.Count} arguments", $"Write {signature.Usage}.")
        {
            Span = argument.Span,
        };

    public static CallFault Twice(FunctionCall call, Argument argument) =>
        new("RF1121", $"{call.Name} gets '{argument.Name}' twice: by place and by name", "Leave out one of them.") { Span = argument.Span };

    public static CallFault NoArguments(FunctionCall call) =>
        new("RF1121", $"{call.Name}() has nothing to work on", $"Write {FunctionTable.ByName[call.Name].Usage}.");

    public static CallFault Type(FunctionCall call, Argument argument, Types types, string parameter) =>
        new("RF1122", $"{call.Name} cannot take {ValueTypes.Words(ValueTypes.Of(argument.Value))} as {parameter}",
            $"Give {ValueTypes.Words(types)}: {FunctionTable.ByName[call.Name].Usage}.")
        { Span = argument.Span };

    public static CallFault Wrong(string what, string cure, string? cause = null) => new("RF1122", what, cure, cause);

    public static CallFault Cast(string shown, string target, string cure) => new("RF1123", $"{shown} cannot be made {target}", cure);
}
