namespace Refrag.Composition.Overrides.Functions;

/// <summary>A parameter that has a name.</summary>
internal sealed record Parameter(string Name, Types Types, bool IsRequired = false);

/// <summary>A function: its parameters, how it is used, and what it does.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Usage">How it is written, for messages.</param>
/// <param name="Rest">What it takes any number of without names; null if arguments without names go to the parameters in order.</param>
/// <param name="Parameters">The parameters with names.</param>
/// <param name="Run">What it does.</param>
internal sealed record FunctionSignature(
    string Name, string Usage, Types? Rest, IReadOnlyList<Parameter> Parameters, Func<BoundArguments, Answer> Run);
