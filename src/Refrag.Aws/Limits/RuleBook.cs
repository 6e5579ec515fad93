using System.Collections.Concurrent;

namespace Refrag.Aws;

/// <summary>The rules of an API model's shapes. Each is made once, at its first use: a model has hundreds, and a command uses a few, a server the same ones again and again.</summary>
/// <param name="make">Makes a shape's rule.</param>
internal sealed class RuleBook(Func<string, ShapeRule> make)
{
    private readonly ConcurrentDictionary<string, ShapeRule> _rules = new(StringComparer.Ordinal);

    /// <summary>The rule of a shape.</summary>
    public ShapeRule Find(string shape) => _rules.GetOrAdd(shape, make);
}
