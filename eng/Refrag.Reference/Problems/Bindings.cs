using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Refrag.Reference.Problems;

/// <summary>An expression, with what is known of the parameters and locals that it uses.</summary>
/// <param name="Expression">The expression.</param>
/// <param name="Bindings">What is known.</param>
internal sealed record Bound(ExpressionSyntax Expression, Bindings Bindings);

/// <summary>What is known of the values at one place: arguments of the calls that lead there, and the branches that were taken.</summary>
internal sealed record Bindings
{
    public static Bindings None { get; } = new();

    private IReadOnlyDictionary<ISymbol, Bound> Values { get; init; } =
        new Dictionary<ISymbol, Bound>(SymbolEqualityComparer.Default);

    private IReadOnlyDictionary<string, string> Branches { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Finds the expression that a parameter or local stands for; null if that is not known.</summary>
    /// <param name="symbol">The parameter or local.</param>
    public Bound? Find(ISymbol? symbol) => symbol is null ? null : Values.GetValueOrDefault(symbol);

    /// <summary>Finds the branch that was taken where this was decided before; null if it was not.</summary>
    /// <param name="decision">The condition, or the value that a switch decides by, as it is written.</param>
    public string? FindBranch(string decision) => Branches.GetValueOrDefault(decision);

    /// <summary>The same with more values.</summary>
    /// <param name="values">Parameters or locals, with what they stand for.</param>
    public Bindings With(IEnumerable<(ISymbol Symbol, Bound Value)> values)
    {
        Dictionary<ISymbol, Bound> all = new(Values, SymbolEqualityComparer.Default);
        foreach ((ISymbol symbol, Bound value) in values) all[symbol] = value;
        return this with { Values = all };
    }

    /// <summary>The same with a decision.</summary>
    /// <param name="decision">The condition, or the value that a switch decides by, as it is written.</param>
    /// <param name="branch">The branch: <c>true</c>, <c>false</c> or a pattern.</param>
    public Bindings WithBranch(string decision, string branch) =>
        this with { Branches = new Dictionary<string, string>(Branches, StringComparer.Ordinal) { [decision] = branch } };
}
