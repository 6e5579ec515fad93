using System.CommandLine;

namespace Refrag.Cli.Configuration;

/// <summary>
/// An argument that takes overrides, perhaps among other words. Completion and help know by its type which verbs take them.
/// </summary>
internal sealed class OverridesArgument : Argument<string[]>
{
    /// <summary>The argument.</summary>
    /// <param name="description">What stands there, for help.</param>
    /// <param name="name">What one of the words is, as a usage line names it.</param>
    public OverridesArgument(string description, string name = "override")
        : base(name)
    {
        Description = description;
        Arity = ArgumentArity.ZeroOrMore;
    }
}
