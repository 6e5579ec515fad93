namespace Refrag.ShippedApps.Training;

/// <summary>
/// Stochastic gradient descent, a batch a step. Its whole state is the step, the weights and the score since the last line of metrics; the
/// order of an epoch follows from the seed and the epoch's number, so a run continues from any step as if it had never stopped.
/// </summary>
internal sealed class Trainer
{
    private readonly TrainSettings _settings;
    private readonly TrainingData _data;
    private readonly Network _network;
    private int[] _order = [];
    private long _orderOf = -1;

    public Trainer(TrainSettings settings, TrainingData data)
    {
        (_settings, _data) = (settings, data);
        _network = new Network(data.Train.Features, settings.Hidden, data.Train.Classes);
        _network.Initialize(new SplitMix(settings.Seed, RandomStreams.Weights));
    }

    /// <summary>Steps done.</summary>
    public long Step { get; private set; }

    /// <summary>Steps an epoch; the last batch of an epoch may be smaller.</summary>
    public long StepsPerEpoch => (_data.Train.Rows + _settings.BatchSize - 1) / _settings.BatchSize;

    /// <summary>Steps of the whole run.</summary>
    public long LastStep => StepsPerEpoch * _settings.Epochs;

    /// <summary>The epoch that the last step belongs to, from 1.</summary>
    public long Epoch => Math.Max(0, Step - 1) / StepsPerEpoch + 1;

    public bool EndsEpoch => Step % StepsPerEpoch == 0;

    /// <summary>Over the steps since <see cref="TakeScore"/>.</summary>
    public Score Since { get; private set; }

    public TrainerState State => new(Step, Since, _network.Weights);

    public int WeightCount => _network.Weights.Length;

    public void Restore(TrainerState state)
    {
        (Step, Since) = (state.Step, state.Since);
        state.Weights.CopyTo(_network.Weights, 0);
    }

    public void Advance()
    {
        long epoch = Step / StepsPerEpoch;
        if (epoch != _orderOf)
        {
            _order = new SplitMix(_settings.Seed, RandomStreams.FirstEpoch + (ulong)epoch).Permutation(_data.Train.Rows);
            _orderOf = epoch;
        }
        int start = (int)(Step % StepsPerEpoch) * _settings.BatchSize;
        int count = Math.Min(_settings.BatchSize, _data.Train.Rows - start);
        Since += _network.Learn(_data.Train, _order.AsSpan(start, count), _settings.LearningRate);
        Step++;
    }

    public Score TakeScore()
    {
        Score score = Since;
        Since = default;
        return score;
    }

    public Score Test() => _network.Evaluate(_data.Test);
}

/// <summary>All that a trainer must remember to continue.</summary>
internal sealed record TrainerState(long Step, Score Since, double[] Weights);
