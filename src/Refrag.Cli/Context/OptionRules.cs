using System.CommandLine;

namespace Refrag.Cli.Context;

/// <summary>What the value of an option must be.</summary>
internal static class OptionRules
{
    /// <summary>Refuses values that are not right; one that cannot be read at all is refused by the parser.</summary>
    /// <param name="option">The option.</param>
    /// <param name="isRight">Whether a value may be given; not asked where the option was left out.</param>
    /// <param name="rule">The rule, reported with the option's name and the value: <c>must be above 0</c>.</param>
    public static Option<T> Must<T>(this Option<T> option, Func<T, bool> isRight, string rule)
    {
        option.Validators.Add(result =>
        {
            T? value;
            try
            {
                value = result.GetValueOrDefault<T>();
            }
            catch (InvalidOperationException)
            {
                return;
            }
            if (!result.Implicit && value is not null && !isRight(value))
                result.AddError($"{option.Name} {string.Join(' ', result.Tokens.Select(t => t.Value))} {rule}");
        });
        return option;
    }
}
