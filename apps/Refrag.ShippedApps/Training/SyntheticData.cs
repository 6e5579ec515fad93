namespace Refrag.ShippedApps.Training;

/// <summary>Data sets made from a seed.</summary>
internal static class SyntheticData
{
    public static Dataset Make(TrainSettings settings)
    {
        var random = new SplitMix(settings.Seed, RandomStreams.Data);
        double[] values = new double[settings.Samples * settings.Features];
        int[] labels = new int[settings.Samples];
        double[] centres = [.. Enumerable.Range(0, settings.Classes * settings.Features).Select(_ => 1.5 * random.Normal())];
        for (int row = 0; row < settings.Samples; row++)
        {
            labels[row] = row % settings.Classes;
            Span<double> target = values.AsSpan(row * settings.Features, settings.Features);
            if (settings.Data == TrainSettings.Spirals) Spiral(target, labels[row], settings.Classes, random);
            else Cluster(target, centres.AsSpan(labels[row] * settings.Features), random);
        }
        return new Dataset(values, labels, settings.Features, settings.Classes);
    }

    // Overlapping clouds, one a class.
    private static void Cluster(Span<double> row, ReadOnlySpan<double> centre, SplitMix random)
    {
        for (int i = 0; i < row.Length; i++) row[i] = centre[i] + random.Normal();
    }

    // Arms of a spiral in the first two features, which no straight line separates; any further feature is noise.
    private static void Spiral(Span<double> row, int label, int classes, SplitMix random)
    {
        double radius = random.Unit();
        double angle = 2 * Math.PI * ((double)label / classes + 0.75 * radius) + 0.08 * random.Normal();
        row[0] = radius * Math.Cos(angle);
        row[1] = radius * Math.Sin(angle);
        for (int i = 2; i < row.Length; i++) row[i] = random.Normal();
    }
}
