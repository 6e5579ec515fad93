using Refrag.Cli.Connections;

namespace Refrag.Cli.Commands.Scale;

/// <summary>Command lines that name nothing that can be scaled.</summary>
internal static class ScaleRefusals
{
    public static Problem NeedsBatch(QuerySession session) => Wrong(
        "`refrag scale` changes compute environments of AWS Batch, and env=local is this machine",
        "Choose where they are: env=awsbatch, or REFRAG_ENV=awsbatch; or replay a trace on a world in a file: "
            + "`refrag scale plan --replay=trace.csv --world=world.yaml`.") with
    {
        Place = session.Spec.Places.Of("env.kind"),
    };

    public static Problem NeedsReplay() => Wrong(
        "--world has no meaning without --replay", "Name a trace too, as in --replay=trace.csv; or leave --world out.");

    private static Problem Wrong(string what, string cure) => new() { Code = "RF8169", What = what, Cure = cure };
}
