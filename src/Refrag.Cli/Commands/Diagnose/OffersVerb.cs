using System.CommandLine;
using Refrag.Cli.Configuration;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Jobs;
using Refrag.Regions;

namespace Refrag.Cli.Commands.Diagnose;

/// <summary><c>refrag offers</c>: what each region offers for a job.</summary>
internal static class OffersVerb
{
    public static Command Create(CliContext context)
    {
        QueryOptions options = new("The job, as for refrag run") { NotOnSlurm = "it compares regions of AWS" };
        Command verb = options.Verb(
            "offers",
            "Show what the regions of env.regions offer for a job, the best first.\n"
            + "For each: price, instance types, EC2's score of Spot instances, what the quota leaves, waiting jobs, and why it has its "
            + "place or cannot take the job. The exit code is 2 if no region takes it.");
        verb.SetAction((parsed, cancellationToken) => RunAsync(context, options, parsed, cancellationToken));
        return verb;
    }

    private static async Task<int> RunAsync(
        CliContext context, QueryOptions options, ParseResult parsed, CancellationToken cancellationToken)
    {
        if (!options.Spec(context, parsed).TryGet(out JobSpec? spec, out IReadOnlyList<Problem> problems)
            || !JobComposer.Plan(context, spec).TryGet(out PlannedJob? job, out problems)) return context.Refuse(problems);
        if (spec is { Kind: EnvironmentKind.Local } or { Regions: null }) return context.Refuse([NeedsRegions(spec)]);
        IReadOnlyList<RankedOffer> offers = await new RegionOffers(context, checksHosts: true).ReadAsync(job, cancellationToken);
        if (parsed.GetValue(options.Json))
        {
            foreach (RankedOffer offer in offers)
                context.Terminal.Output(JsonOutput.Line(OfferLine.Of(offer), DiagnoseJson.Default.OfferLine));
        }
        else
        {
            RegionOffers.Print(context.Terminal, offers, toError: false);
        }
        return offers[0].Rank is null ? ExitCodes.Trouble : ExitCodes.Success;
    }

    private static Problem NeedsRegions(JobSpec spec) => new()
    {
        Code = "RF8186",
        What = spec.Kind == EnvironmentKind.Local
            ? "refrag offers asks AWS Batch, and env=local is this machine"
            : "No regions are named to choose from",
        Cure = "Name the environment and its regions: env=awsbatch env.regions=[us-east-1,us-west-2].",
        Place = spec.Places.Of("env.kind"),
    };
}
