using System.Globalization;
using Refrag.CommandTables;

namespace Refrag.Apps;

/// <summary>What one child of an array has to run, found in the table that all children carry by the child's own index.</summary>
/// <param name="Arguments">The arguments of <c>refrag exec</c> for this child.</param>
/// <param name="Environment">The environment, with the child's place in its sweep.</param>
internal sealed record ArrayChild(IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary><c>exec --array TABLE</c>.</summary>
    public const string Option = "--array";

    /// <summary>The child that this environment is of, or problem RF7010.</summary>
    public static Result<ArrayChild> Find(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        if (arguments is not [_, var text]) return NoTable("exec --array takes one argument, the table of the array's jobs");
        if (CommandTableText.Parse(text) is not { } table) return NoTable("The table of the array's jobs cannot be read");
        string given = environment.GetValueOrDefault(BatchVariables.ArrayIndex) ?? "";
        if (!int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out int index) || index >= table.Jobs.Count)
            return NoChild(given, table.Jobs.Count);
        string job = table.Jobs.At(index).ToString(CultureInfo.InvariantCulture);
        return new ArrayChild(table.CommandOf(index),
            new Dictionary<string, string>(environment, StringComparer.Ordinal) { [BatchVariables.SweepIndex] = job });
    }

    private static Problem NoTable(string what) => new()
    {
        Code = "RF7010",
        What = what,
        Cure = "Leave it to refrag run -m, which writes the table and submits the array; the image's refrag must not be older than yours.",
        Place = new ArgumentPlace(Option, 1, Option.Length),
    };

    private static Problem NoChild(string given, int count) => new()
    {
        Code = "RF7010",
        What = given.Length == 0 ? "This is not a child of an array" : $"The array's table has no job for child {given}",
        Cause = string.Create(CultureInfo.InvariantCulture, $"The table has {count} jobs, for children 0 to {count - 1}"),
        Cure = "Submit it as an array of that size: refrag run -m does, and refrag run --resume resumes a sweep.",
        Place = new VariablePlace(BatchVariables.ArrayIndex, given.Length == 0 ? null : given),
    };
}
