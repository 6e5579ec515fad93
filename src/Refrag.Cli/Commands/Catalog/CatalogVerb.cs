using System.CommandLine;
using Refrag.Cli.Context;

namespace Refrag.Cli.Commands.Catalog;

/// <summary><c>refrag catalog</c>: the instance types and prices that are known.</summary>
internal static class CatalogVerb
{
    public static Command Create(CliContext context) => new("catalog", "The instance types and prices that fit, cost and why count with.")
    {
        CatalogRefreshVerb.Create(context),
        CatalogShowVerb.Create(context),
    };
}
