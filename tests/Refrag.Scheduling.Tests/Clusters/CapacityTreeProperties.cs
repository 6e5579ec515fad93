using CsCheck;
using Refrag.Scheduling.Clusters;

namespace Refrag.Scheduling.Tests.Clusters;

public sealed class CapacityTreeProperties
{
    private static readonly Gen<Amount> s_amount = Gen.Select(Gen.Int[0, 8], Gen.Int[0, 8], Gen.Int[0, 3])
        .Select((a, b, c) => new Amount(a, b, c));

    // Against a list searched from the front.
    [Fact]
    public void Find_AnyChanges_IsTheFirstWithRoom() =>
        Gen.Select(Gen.Select(Gen.Int[0, 2], Gen.Int[0, 30], s_amount).Array[1, 80], s_amount).Sample(
        (steps, wanted) =>
        {
            var tree = new CapacityTree();
            SortedDictionary<int, Amount> model = [];
            foreach ((int what, int pick, Amount amount) in steps)
            {
                if (what == 0 || model.Count == 0) model[tree.Add(amount)] = amount;
                else if (what == 1) tree.Set(Slot(model, pick), model[Slot(model, pick)] = amount);
                else
                {
                    int slot = Slot(model, pick);
                    tree.Remove(slot);
                    model.Remove(slot);
                }
            }
            int expected = model.Where(one => wanted.FitsIn(one.Value)).Select(one => one.Key).DefaultIfEmpty(-1).First();
            Assert.Equal(expected, tree.Find(wanted));
            Assert.Equal(model.Count, tree.Count);
        }, iter: 3000);

    private static int Slot(SortedDictionary<int, Amount> model, int pick) => model.Keys.ElementAt(pick % model.Count);
}
