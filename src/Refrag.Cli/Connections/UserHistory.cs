using Refrag.Cli.Context;
using Refrag.History;

namespace Refrag.Cli.Connections;

/// <summary>The history of jobs in the user's state folder.</summary>
internal static class UserHistory
{
    public static string FileOf(CliContext context) => Path.Combine(UserFolders.State(context.Variable), "history", "history.db");

    /// <summary>Opens it; what is wrong with it is one warning.</summary>
    public static HistoryStore Open(CliContext context) => Open(context, problem => context.Terminal.Warnings([problem]));

    /// <summary>Opens it; the caller reports what is wrong with it.</summary>
    public static HistoryStore Open(CliContext context, Action<Problem> report) =>
        HistoryStore.Open(FileOf(context), context.Time, report);
}
