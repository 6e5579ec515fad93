using System.Runtime.InteropServices;

namespace Refrag.ShippedApps.Training;

/// <summary>
/// A classifier: softmax over one linear layer (softmax regression), or over a hidden layer of rectified units (a multi-layer perceptron).
/// Every sum runs in a fixed order on one thread, so that the same weights and rows give the same bits.
/// </summary>
internal sealed class Network
{
    private readonly int _features;
    private readonly int _hidden;
    private readonly int _classes;
    private readonly double[] _gradient;
    private readonly double[] _activations;
    private readonly double[] _activationErrors;
    private readonly double[] _scores;

    /// <summary>A network whose weights are all 0.</summary>
    /// <param name="features">Numbers a row.</param>
    /// <param name="hidden">Units of the hidden layer; 0 for none.</param>
    /// <param name="classes">Classes.</param>
    public Network(int features, int hidden, int classes)
    {
        (_features, _hidden, _classes) = (features, hidden, classes);
        Weights = new double[hidden * (features + 1) + classes * (LastInputs + 1)];
        _gradient = new double[Weights.Length];
        _activations = new double[hidden];
        _activationErrors = new double[hidden];
        _scores = new double[classes];
    }

    /// <summary>All weights: each unit of the hidden layer with its bias last, then each class with its bias last.</summary>
    public double[] Weights { get; }

    private int LastInputs => _hidden == 0 ? _features : _hidden;

    private int LastLayer => _hidden * (_features + 1);

    /// <summary>Small random weights, scaled to the number of inputs (He et al.); biases of 0.</summary>
    public void Initialize(SplitMix random)
    {
        Layer(Weights.AsSpan(0, LastLayer), _features, Math.Sqrt(2.0 / _features), random);
        Layer(Weights.AsSpan(LastLayer), LastInputs, _hidden == 0 ? 0 : Math.Sqrt(1.0 / LastInputs), random);
    }

    /// <summary>
    /// One step of gradient descent over some rows. Gives the sum of their losses and how many were right, both before the step.
    /// </summary>
    public Score Learn(Dataset data, ReadOnlySpan<int> rows, double learningRate)
    {
        Array.Clear(_gradient);
        var score = default(Score);
        foreach (int row in rows)
        {
            score += Forward(data.Row(row), data.Labels[row]);
            Backward(data.Row(row), data.Labels[row]);
        }
        double scale = learningRate / rows.Length;
        for (int i = 0; i < Weights.Length; i++) Weights[i] -= scale * _gradient[i];
        return score;
    }

    /// <summary>The sum of losses and how many are right, over a whole data set.</summary>
    public Score Evaluate(Dataset data)
    {
        var score = default(Score);
        for (int row = 0; row < data.Rows; row++) score += Forward(data.Row(row), data.Labels[row]);
        return score;
    }

    private static void Layer(Span<double> weights, int inputs, double deviation, SplitMix random)
    {
        for (int i = 0; i < weights.Length; i++) weights[i] = i % (inputs + 1) == inputs ? 0 : deviation * random.Normal();
    }

    // Leaves each class's probability in _scores.
    private Score Forward(ReadOnlySpan<double> row, int label)
    {
        for (int unit = 0; unit < _hidden; unit++)
            _activations[unit] = Math.Max(0, Weigh(Weights.AsSpan(unit * (_features + 1), _features + 1), row));
        ReadOnlySpan<double> input = _hidden == 0 ? row : _activations;
        for (int i = 0; i < _classes; i++) _scores[i] = Weigh(Weights.AsSpan(LastLayer + i * (LastInputs + 1), LastInputs + 1), input);
        int best = 0;
        for (int i = 1; i < _classes; i++)
        {
            if (_scores[i] > _scores[best]) best = i;
        }
        return new Score(Softmax(label, _scores[best]), best == label ? 1 : 0, 1);
    }

    // Minus the greatest score, so that no exponential overflows. Gives the loss.
    private double Softmax(int label, double greatest)
    {
        double sum = 0, chosen = _scores[label] - greatest;
        for (int i = 0; i < _classes; i++) sum += _scores[i] = Math.Exp(_scores[i] - greatest);
        for (int i = 0; i < _classes; i++) _scores[i] /= sum;
        return Math.Log(sum) - chosen;
    }

    private void Backward(ReadOnlySpan<double> row, int label)
    {
        Array.Clear(_activationErrors);
        ReadOnlySpan<double> input = _hidden == 0 ? row : _activations;
        for (int i = 0; i < _classes; i++)
        {
            double error = _scores[i] - (i == label ? 1 : 0);
            int start = LastLayer + i * (LastInputs + 1);
            Accumulate(_gradient.AsSpan(start, LastInputs + 1), input, error);
            for (int unit = 0; unit < _hidden; unit++) _activationErrors[unit] += error * Weights[start + unit];
        }
        for (int unit = 0; unit < _hidden; unit++)
        {
            if (_activations[unit] > 0) Accumulate(_gradient.AsSpan(unit * (_features + 1), _features + 1), row, _activationErrors[unit]);
        }
    }

    private static double Weigh(ReadOnlySpan<double> weights, ReadOnlySpan<double> input)
    {
        double sum = weights[input.Length];
        for (int i = 0; i < input.Length; i++) sum += weights[i] * input[i];
        return sum;
    }

    private static void Accumulate(Span<double> gradient, ReadOnlySpan<double> input, double error)
    {
        for (int i = 0; i < input.Length; i++) gradient[i] += error * input[i];
        gradient[input.Length] += error;
    }
}

/// <summary>How well some rows were classified.</summary>
/// <param name="LossSum">The sum of their losses (cross entropy, in nats).</param>
/// <param name="Right">How many got their own class.</param>
/// <param name="Rows">How many rows.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Score(double LossSum, int Right, int Rows)
{
    public double Loss => LossSum / Rows;

    public double Accuracy => (double)Right / Rows;

    public static Score operator +(Score a, Score b) => new(a.LossSum + b.LossSum, a.Right + b.Right, a.Rows + b.Rows);
}
