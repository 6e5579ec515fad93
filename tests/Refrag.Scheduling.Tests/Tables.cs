using Refrag.Scheduling.Catalogue;

namespace Refrag.Scheduling.Tests;

internal static class Tables
{
    public static InstanceCatalogue Types { get; } = InstanceCatalogue.Load();

    public static PriceTable Prices { get; } = PriceTable.Load();
}
