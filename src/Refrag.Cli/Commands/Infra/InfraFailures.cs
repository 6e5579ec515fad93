using Refrag.Cli.Context;

namespace Refrag.Cli.Commands.Infra;

/// <summary>How infrastructure verbs say what is wrong, and with which exit code.</summary>
internal static class InfraFailures
{
    // What another time, another network or another right may cure; everything else is in the command line, the variables or the files.
    private static readonly string[] s_elsewhere = ["RF6003", "RF6005", "RF6006", "RF6007", "RF6009", "RF6017", "RF6018", "RF6019",
        "RF6038", "RF6040", "RF6042", "RF6045", "RF6048", "RF6049", "RF8120", "RF8121"];

    public static int Fail(this CliContext context, IReadOnlyList<Problem> problems)
    {
        int usual = context.Refuse(problems);
        return problems.Any(p => p.Code == "RF6004") ? ExitCodes.Credentials
            : problems.Any(p => s_elsewhere.Contains(p.Code)) ? ExitCodes.Unavailable
            : usual;
    }
}
