namespace Refrag.ShippedApps.Training;

/// <summary>Rows of numbers, each with the class it belongs to.</summary>
/// <param name="Values">The numbers, row after row.</param>
/// <param name="Labels">A class from 0 a row.</param>
/// <param name="Features">Numbers a row.</param>
/// <param name="Classes">How many classes there are.</param>
internal sealed record Dataset(double[] Values, int[] Labels, int Features, int Classes)
{
    public int Rows => Labels.Length;

    public ReadOnlySpan<double> Row(int row) => Values.AsSpan(row * Features, Features);

    public Dataset Select(ReadOnlySpan<int> rows)
    {
        double[] values = new double[rows.Length * Features];
        int[] labels = new int[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            Row(rows[i]).CopyTo(values.AsSpan(i * Features));
            labels[i] = Labels[rows[i]];
        }
        return this with { Values = values, Labels = labels };
    }
}

/// <summary>A data set in two: what is learnt from, and what is held out to see how well it was learnt.</summary>
internal sealed record TrainingData(Dataset Train, Dataset Test)
{
    // A fifth is held out; at least one row on each side.
    private const int HeldOutPart = 5;

    public static TrainingData Of(Dataset all, ulong seed)
    {
        int[] order = new SplitMix(seed, RandomStreams.Split).Permutation(all.Rows);
        int held = Math.Max(1, all.Rows / HeldOutPart);
        var data = new TrainingData(all.Select(order.AsSpan(held)), all.Select(order.AsSpan(0, held)));
        data.Standardize();
        return data;
    }

    // Mean 0 and deviation 1 a feature, by the training rows alone, so that one learning rate suits any unit of measurement.
    private void Standardize()
    {
        for (int feature = 0; feature < Train.Features; feature++)
        {
            double sum = 0, squares = 0;
            for (int row = 0; row < Train.Rows; row++) sum += Train.Row(row)[feature];
            double mean = sum / Train.Rows;
            for (int row = 0; row < Train.Rows; row++) squares += (Train.Row(row)[feature] - mean) * (Train.Row(row)[feature] - mean);
            double deviation = Math.Sqrt(squares / Train.Rows);
            Shift(Train, feature, mean, deviation);
            Shift(Test, feature, mean, deviation);
        }
    }

    private static void Shift(Dataset data, int feature, double mean, double deviation)
    {
        // A feature that never changes says nothing; it becomes 0.
        double scale = deviation > 0 ? 1 / deviation : 0;
        for (int i = feature; i < data.Values.Length; i += data.Features) data.Values[i] = (data.Values[i] - mean) * scale;
    }
}
