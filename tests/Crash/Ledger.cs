namespace Laurel.Crash;

/// <summary>What was sent, and what of it was acknowledged.</summary>
internal sealed class Ledger
{
    private readonly Lock keeping = new();
    private readonly Dictionary<(string Source, string Id), SortedList<int, (Work Work, bool Acknowledged)>> activities = [];
    private readonly Dictionary<string, bool> people = [];
    private (int Answers, TaskCompletionSource Reached) awaited = (0, new());

    /// <summary>Requests that got their answer, and those that broke off.</summary>
    public int Answered { get; private set; }
    public int BrokenOff { get; private set; }

    /// <summary>From now on it may be there.</summary>
    public void Send(IEnumerable<Work> works)
    {
        lock (keeping)
            foreach (var work in works)
            {
                var key = (work.Source, work.Id);
                if (!activities.TryGetValue(key, out var versions)) activities[key] = versions = [];
                versions.TryAdd(work.Version, (work, false));
            }
    }

    /// <summary>From now on it must be there.</summary>
    public void Acknowledge(IEnumerable<Work> works)
    {
        lock (keeping)
            foreach (var work in works) activities[(work.Source, work.Id)][work.Version] = (work, true);
    }

    public void Count(bool answered)
    {
        lock (keeping)
        {
            (Answered, BrokenOff) = answered ? (Answered + 1, BrokenOff) : (Answered, BrokenOff + 1);
            if (Answered >= awaited.Answers) awaited.Reached.TrySetResult();
        }
    }

    /// <summary>When so many more requests have been answered.</summary>
    public Task Answers(int more)
    {
        lock (keeping)
        {
            awaited = (Answered + more, new(TaskCreationOptions.RunContinuationsAsynchronously));
            return awaited.Reached.Task;
        }
    }

    public void Person(string id, bool acknowledged)
    {
        lock (keeping) people[id] = acknowledged || people.GetValueOrDefault(id);
    }

    /// <summary>Activities of which a version was acknowledged.</summary>
    public int Acknowledged
    {
        get { lock (keeping) return activities.Values.Count(versions => versions.Values.Any(v => v.Acknowledged)); }
    }

    /// <summary>What is wrong with what is kept, one line each.</summary>
    /// <param name="counting">Activities that count, by identity.</param>
    /// <param name="held">Those that wait for their person.</param>
    public IReadOnlyList<string> Wrong(Dictionary<(string, string), Work> counting, Dictionary<(string, string), Work> held)
    {
        lock (keeping) return [.. Compare(counting, held)];
    }

    private IEnumerable<string> Compare(Dictionary<(string, string), Work> counting, Dictionary<(string, string), Work> held)
    {
        foreach (var key in counting.Keys.Intersect(held.Keys)) yield return $"{key} counts and waits";
        foreach (var key in counting.Keys.Concat(held.Keys))
            if (!activities.ContainsKey(key)) yield return $"{key} was never sent";
        foreach (var (key, versions) in activities)
        {
            var highest = versions.Values.Where(v => v.Acknowledged).Select(v => v.Work).LastOrDefault();
            // What got no answer may have arrived or not.
            var allowed = versions.Values.Select(v => v.Work).Where(w => highest is null || w.Version >= highest.Version).ToList();
            var waits = !counting.TryGetValue(key, out var kept) && held.TryGetValue(key, out kept);
            if (kept is null)
            {
                if (highest is not null && !allowed.Exists(w => w.IsVoid)) yield return $"{key} is lost; acknowledged was {highest}";
            }
            else if (!allowed.Exists(w => !w.IsVoid && w == kept))
                yield return $"{key} is kept as {kept}; acknowledged was {highest}, sent were {string.Join(" and ", allowed)}";
            else if (kept.Person is { } person && person.StartsWith("newcomer", StringComparison.Ordinal))
            {
                if (waits && people.GetValueOrDefault(person)) yield return $"{key} waits for {person}, who was made";
                if (!waits && !people.ContainsKey(person)) yield return $"{key} counts for {person}, whom nobody made";
            }
            else if (waits) yield return $"{key} waits for {kept.Person}, who is there";
        }
    }
}
