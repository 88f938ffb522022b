using System.Data.Common;
using System.Globalization;
using Laurel.App.Features.Achievements;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Work;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.Activities;

/// <summary>
/// Activities of what people do with Laurel itself. Whoever notices one notes it in the transaction of the thing itself; it is counted
/// behind the page. Its id says whose and which it is, so that it counts once however often it is noted, on any number of nodes.
/// </summary>
public sealed class OwnActivities(Database database, CatalogueStore catalogue, BatchWriter writer, Intake intake, TimeProvider time)
{
    public const string Kind = "own-activity";

    /// <summary>
    /// With the first activity the zone of a site is fixed, and more. Whoever sets Laurel up has signed in by then: that is counted once
    /// something else is, or after so long.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromDays(7), Looks = TimeSpan.FromMinutes(10);

    /// <param name="type">One of <see cref="UseTypes"/>, or another type that every installation declares.</param>
    /// <param name="occasion">What sets it apart from others of this person and type: a workday, what it is about.</param>
    /// <param name="at">When it was done, in Unix milliseconds.</param>
    public static void Note(DbConnection connection, DbTransaction transaction, long person, string type, long occasion, long at) =>
        WorkQueue.Enqueue(connection, transaction, Kind,
            string.Create(CultureInfo.InvariantCulture, $"{type} {person} {occasion} {at}"), at);

    /// <summary>Whoever first uses Laurel on a workday, by signing in or with a session that lasts, has signed in on it.</summary>
    public static void NoteVisits(DbConnection connection, DbTransaction transaction, IReadOnlyList<Visit> visits)
    {
        foreach (var visit in visits) Note(connection, transaction, visit.Person, UseTypes.SignedIn, visit.Day, visit.At);
    }

    public void Run(IReadOnlyList<WorkItem> items)
    {
        var outcome = database.Write((c, t) =>
        {
            Rulebook.Share(c, t);
            var waits = c.HasRows(t, "activity") ? [] : items.Where(i => Noted.Of(i.Subject).Waits(time.GetUtcNow())).ToList();
            WorkQueue.PutOff(c, t, waits, (time.GetUtcNow() + Looks).ToUnixTimeMilliseconds());
            var ready = items.Except(waits).ToList();
            var noted = ready.Select(i => Noted.Of(i.Subject)).ToList();
            PersonLocks.Take(c, t, noted.Select(n => n.Person).Distinct().Order().ToList());
            var (snapshot, now) = (catalogue.Current(c, t), time.GetUtcNow().ToUnixTimeMilliseconds());
            var told = noted.Where(n => snapshot.Rules.Type(n.Type) is not null).Select(n => n.Activity(snapshot.Floor, now))
                .OfType<IncomingActivity>().ToList();
            WorkQueue.Complete(c, t, ready);
            return told.Count == 0 ? BatchOutcome.Nothing : writer.TakeOwn(c, t, told);
        });
        if (outcome.Results.Count > 0) intake.Tell(outcome);
    }

    /// <param name="At">Null: it was done before anybody noted when.</param>
    private sealed record Noted(string Type, PersonKey Person, string Occasion, long? At)
    {
        public static Noted Of(string subject) => subject.Split(' ') is [var type, var person, var occasion, var at]
            ? new(type, new(long.Parse(person, CultureInfo.InvariantCulture)), occasion,
                at == "-" ? null : long.Parse(at, CultureInfo.InvariantCulture))
            : throw new FormatException($"'{subject}' is no activity of Laurel's own.");

        public bool Waits(DateTimeOffset now) =>
            Type == UseTypes.SignedIn && At is { } at && now < DateTimeOffset.FromUnixTimeMilliseconds(at) + Patience;

        public IncomingActivity? Activity(Floor floor, long now) => floor.Person(Person) is not { } facts ? null
            : new(UseTypes.Source, ActivityId.Of(string.Create(CultureInfo.InvariantCulture, $"{Type}:{Person.Value}:{Occasion}")), Type,
                facts.Id, null, At ?? now, [], []);
    }
}
