using Refrag.ShippedApps.Hello;
using Refrag.ShippedApps.Training;

namespace Refrag.ShippedApps;

/// <summary>The apps that come with refrag.</summary>
public static class BuiltInApps
{
    /// <summary>A new instance of each.</summary>
    public static IReadOnlyList<IApp> All => [new HelloDistApp(), new TrainApp()];
}
