using System.CommandLine;
using System.Globalization;
using Refrag.Aws;
using Refrag.Aws.Pricing;
using Refrag.Catalogues;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Jobs;
using Refrag.Scheduling.Catalogue;

namespace Refrag.Cli.Commands.Catalog;

/// <summary><c>refrag catalog refresh</c>: reads a region's types and prices from AWS.</summary>
internal static class CatalogRefreshVerb
{
    public static Command Create(CliContext context)
    {
        QueryOptions options = new() { NotOnSlurm = "it reads instance types and prices of AWS" };
        Option<bool> keep = new("--keep-on-demand")
        {
            Description =
                "Keep the on-demand prices that are known, so that no price list is asked.",
        };
        Command verb =
            options.Verb("refresh",
                "Read the instance types and prices of a region from AWS.\n"
                + "They take the place of those that refrag carries. If anything fails, the old file stays. The price list needs a "
                + "permission of its own; --keep-on-demand does without it, and these prices keep their date.", keep);
        verb.SetAction((parsed, cancellationToken) => RunAsync(context, options, parsed, parsed.GetValue(keep), cancellationToken));
        return verb;
    }

    private static async Task<int> RunAsync(
        CliContext context, QueryOptions options, ParseResult parsed, bool keep, CancellationToken cancellationToken)
    {
        if (!options.Spec(context, parsed).TryGet(out JobSpec? spec, out IReadOnlyList<Problem> problems)) return context.Refuse(problems);
        context.Signals.Listen();
        string region = QueueInstanceTypes.Region(context, spec);
        CatalogueFolder folder = UserCatalogue.Folder(context);
        try
        {
            RegionCatalogue read = await ReadAsync(context, spec, region, keep, cancellationToken);
            if (read.Types.Count == 0) throw new InvalidDataException("EC2 named no instance types");
            await folder.WriteAsync(read, cancellationToken);
            if (parsed.GetValue(options.Json))
                context.Terminal.Output(
                    JsonOutput.Line(CatalogLine.Of(read, folder.FileOf(region), context.Time), CatalogJson.Default.CatalogLine));
            else context.Terminal.Output(
                string.Create(CultureInfo.InvariantCulture,
                    $"{region}: {read.Types.Count} instance types, {read.Prices.Count(p => p.Spot is not null)} Spot prices, "
                    + $"{read.Prices.Count(p => p.OnDemand is not null)} on-demand prices, in {folder.FileOf(region)}"));
            return ExitCodes.Success;
        }
        catch (AwsException)
        {
            context.Terminal.Note(Kept(folder, region));
            throw;
        }
        catch (Exception e) when (e is InvalidDataException or OverflowException or IOException or UnauthorizedAccessException)
        {
            context.Terminal.Problems(
                [new Problem
                {
                    Code = "RF5041",
                    What = $"the catalogue of {region} could not be refreshed",
                    Cause = e.Message,
                    Cure = $"{Kept(folder, region)} Check that its folder can be written, and try again.",
                }]);
            return ExitCodes.Unavailable;
        }
    }

    private static async Task<RegionCatalogue> ReadAsync(
        CliContext context, JobSpec spec, string region, bool keep, CancellationToken cancellationToken)
    {
        // The region is said outright: what is written under its name must be its own.
        using var connection = AwsConnection.Open(context, spec.Connection with { Region = region });
        using AwsConnection? prices = keep ? null : AwsConnection.Open(context, spec.Connection with { Region = PricingOperations.Region });
        return await new CatalogueReader(connection.Transport, prices?.Transport, context.Time).ReadAsync(
            region, UserCatalogue.Load(context).Prices, cancellationToken);
    }

    private static string Kept(CatalogueFolder folder, string region) =>
        File.Exists(folder.FileOf(region))
            ? $"{folder.FileOf(region)} stays as it was."
            : "Nothing was written; the project's own figures count.";
}
