using System.Text.Json.Nodes;

namespace Refrag.Server.Fuzz.Grammar;

/// <summary>Changes a request in one place: another value, a member more or less, a wrong type, an element twice.</summary>
internal sealed class Edits(Random chance, ValueGenerator values)
{
    /// <summary>Applies a number of edits.</summary>
    public void Apply(JsonObject body, ApiShape shape, int count)
    {
        for (int i = 0; i < count; i++)
        {
            List<Action> spots = [];
            Collect(body, shape, spots);
            if (spots.Count > 0) spots[chance.Next(spots.Count)]();
        }
    }

    // Every member that a structure of the request has or could have, and every element.
    private void Collect(JsonNode? node, ApiShape shape, List<Action> spots)
    {
        if (node is JsonObject structure && shape.Kind is ShapeKind.Structure)
        {
            foreach (ApiMember member in shape.Members)
            {
                spots.Add(() => Edit(structure, member));
                Collect(structure[member.Name], member.Shape, spots);
            }
        }
        else if (node is JsonArray list && shape.Kind is ShapeKind.List)
        {
            spots.Add(() => Edit(list, shape));
            foreach (JsonNode? element in list) Collect(element, shape.Element, spots);
        }
    }

    private void Edit(JsonObject structure, ApiMember member)
    {
        int choice = chance.Next(10);
        if (choice == 0) structure.Remove(member.Name);
        else if (choice == 1) structure[member.Name] = null;
        else if (choice == 2) structure[member.Name] = values.Wrong();
        else structure[member.Name] = values.Make(member.Name, member.Shape, member.Limit, 1);
    }

    private void Edit(JsonArray list, ApiShape shape)
    {
        int choice = chance.Next(6);
        if (choice == 0 && list.Count > 0) list.RemoveAt(chance.Next(list.Count));
        else if (choice == 1 && list.Count > 0) list.Add(list[chance.Next(list.Count)]?.DeepClone());
        else if (choice == 2 && list.Count > 0) Repeat(list, list[0]);
        else if (choice == 3) list.Add(values.Wrong());
        else list.Add(values.Make("", shape.Element, null, 2));
    }

    private void Repeat(JsonArray list, JsonNode? element)
    {
        for (int i = chance.Next(200); i > 0; i--) list.Add(element?.DeepClone());
    }
}
