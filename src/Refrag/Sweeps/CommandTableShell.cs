using System.Globalization;
using System.Text;
using Refrag.Apps;
using Refrag.CommandTables;

namespace Refrag.Sweeps;

/// <summary>
/// The same table as a line of POSIX shell, for images whose entry point is not refrag: it counts where this child stands on each axis,
/// puts the command together and becomes it. Needs /bin/sh in the image and nothing else.
/// </summary>
internal static class CommandTableShell
{
    /// <summary>The container command.</summary>
    /// <param name="table">The table.</param>
    /// <param name="before">Lines of shell that run before it; empty for none.</param>
    public static IReadOnlyList<string> Wrap(CommandTable table, string before = "")
    {
        var script = new StringBuilder(before);
        script.Append("i=$").Append(BatchVariables.ArrayIndex).Append("; ");
        Job(script, table.Jobs);
        for (int column = 0; column < table.Columns.Count; column++) Column(script, table, column);
        script.Append("export ").Append(BatchVariables.SweepIndex).Append("=$j; set --");
        foreach (IReadOnlyList<TablePiece> word in table.Words) script.Append(' ').Append(Word(word));
        script.Append("; ").Append(ShellLauncher.Script);
        return ["sh", "-c", script.ToString(), "sh"];
    }

    // Which job of the sweep the child is: the first run that reaches so far.
    private static void Job(StringBuilder script, JobSet jobs)
    {
        if (jobs.Runs is [{ First: 0, Step: 1 }])
        {
            script.Append("j=$i; ");
            return;
        }
        int before = 0;
        foreach (JobSet.Run run in jobs.Runs)
        {
            script.Append(CultureInfo.InvariantCulture,
                $"{(before > 0 ? "el" : "")}if [ $i -lt {before + run.Count} ]; then j=$(({run.First}+(i-{before})*{run.Step})); ");
            before += run.Count;
        }
        script.Append("fi; ");
    }

    private static void Column(StringBuilder script, CommandTable table, int number)
    {
        TableColumn column = table.Columns[number];
        string place = column.Axis is { } axis
            ? string.Create(CultureInfo.InvariantCulture, $"j/{CommandTable.Stride(axis, table.Shape)}%{table.Shape[axis]}")
            : "i";
        if (column is CountColumn count)
        {
            script.Append(CultureInfo.InvariantCulture, $"c{number}=$(({count.First}+{place}*{count.Step})); ");
            return;
        }
        script.Append("set --");
        foreach (string value in ((ListColumn)column).Values) script.Append(' ').Append(ShellWord.Quote(value));
        script.Append(CultureInfo.InvariantCulture, $"; shift $(({place})); c{number}=$1; ");
    }

    private static string Word(IReadOnlyList<TablePiece> word) => word.Count == 0
        ? "''"
        : string.Concat(
            word.Select(piece => piece.Text is { } text
                ? ShellWord.Quote(text)
                : string.Create(CultureInfo.InvariantCulture, $"\"$c{piece.Column}\"")));
}
