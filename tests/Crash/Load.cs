using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Laurel.Crash;

/// <summary>Several senders at once, each with requests of every kind, until they are told to stop.</summary>
internal sealed class Load(Ledger ledger, string key, int seed, long anchor)
{
    private const int Senders = 4;
    private int next;
    private int rounds;

    public string? Wrong { get; private set; }

    /// <summary>The newest activity's number, so that it is known who was named.</summary>
    public int Newest => Volatile.Read(ref next);

    public async Task Run(IReadOnlyList<Uri> nodes, CancellationToken stop)
    {
        rounds++;
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => Task.Run(async () =>
        {
            var random = new Random(unchecked((seed + rounds) * 17 + sender));
            using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
            while (!stop.IsCancellationRequested && Wrong is null)
                if (!await Send(http, nodes[random.Next(nodes.Count)], random))
                    await Task.Delay(20, CancellationToken.None);
        }, CancellationToken.None)));
    }

    private async Task<bool> Send(HttpClient http, Uri node, Random random)
    {
        var kind = random.Next(20);
        if (kind == 0) return await Make(http, node, Work.Newcomer(Math.Max(0, Newest - random.Next(900))));
        var size = kind switch { < 8 => 1, < 19 => random.Next(2, 30), _ => random.Next(1_001, 1_300) };
        var works = Enumerable.Range(0, size).Select(_ => Any(random)).DistinctBy(w => (w.Id, w.Version)).ToList();
        // Lines by the thousand: some of them are on disk before the last has come.
        if (size > 1_000) works = [.. works.Take(40), .. Enumerable.Repeat(works, 30).SelectMany(w => w.Take(40))];
        return await Post(http, node, works, kind >= 15 || size > 1_000);
    }

    /// <summary>New work, work that was sent before, corrections and voids in any order.</summary>
    private Work Any(Random random)
    {
        var roll = random.Next(10);
        var number = roll < 5 || Newest == 0 ? Interlocked.Increment(ref next) - 1 : random.Next(Math.Max(0, Newest - 400), Newest);
        return Work.Of(seed, anchor, number, roll < 7 ? 0 : random.Next(1, 4));
    }

    private async Task<bool> Post(HttpClient http, Uri node, List<Work> works, bool lines)
    {
        var (body, type) = works.Count == 1 ? (works[0].ToEvent().ToJsonString(), "application/cloudevents+json")
            : lines ? (string.Join('\n', works.Select(w => w.ToEvent().ToJsonString())), "application/x-ndjson")
            : (new JsonArray([.. works.Select(JsonNode (w) => w.ToEvent())]).ToJsonString(), "application/cloudevents-batch+json");
        ledger.Send(works);
        var answer = await Answer(http, new Uri(node, "/api/v1/activities"), body, type);
        if (answer is null) return false;
        var results = answer["results"]!.AsArray();
        if (results.Count != works.Count) Wrong = $"{works.Count} activities got {results.Count} answers";
        foreach (var refused in results.Where(r => r!["outcome"]!.GetValue<string>() == "rejected"))
            Wrong = $"refused: {refused!["id"]} {refused["reason"]}";
        ledger.Acknowledge(works);
        return true;
    }

    /// <summary>Whoever activities waited for is made.</summary>
    private async Task<bool> Make(HttpClient http, Uri node, string person)
    {
        ledger.Person(person, acknowledged: false);
        if (await Answer(http, new Uri(node, "/api/v1/setup"), $"people: [ {{ id: {person} }} ]", "application/yaml") is null) return false;
        ledger.Person(person, acknowledged: true);
        return true;
    }

    /// <summary>Adds a rule that counts all of history: work for later, which a crash interrupts.</summary>
    public async Task AddRule(Uri node, int number)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var rule = string.Create(CultureInfo.InvariantCulture,
            $"{{ id: later-{number}, type: threshold, metric: cases, at-least: {number + 2}, range: day, history: all }}");
        await Answer(http, new Uri(node, "/api/v1/setup"), $"achievements: [ {rule} ]", "application/yaml");
    }

    /// <summary>Null where there was none: whether it was taken nobody knows.</summary>
    private async Task<JsonObject?> Answer(HttpClient http, Uri address, string body, string type)
    {
        try
        {
            using var content = new StringContent(body, Encoding.UTF8);
            content.Headers.ContentType = new MediaTypeHeaderValue(type);
            using var answer = await http.PostAsync(address, content);
            var text = await answer.Content.ReadAsStringAsync();
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                var read = JsonNode.Parse(text)!.AsObject();
                ledger.Count(answered: true);
                return read;
            }
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable) Wrong = $"{(int)answer.StatusCode}: {text}";
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException or IOException
            or System.Text.Json.JsonException)
        {
            // Killed before it answered, or in the middle of the answer.
        }
        ledger.Count(answered: false);
        return null;
    }
}
