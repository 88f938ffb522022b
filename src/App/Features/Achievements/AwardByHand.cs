using System.Data.Common;
using Dapper;
using Laurel.App.Features.Activities;
using Laurel.App.Features.Notifications;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Catalogue;
using Laurel.App.Platform.Localisation;
using Laurel.Engine.Achievements;
using Laurel.Engine.Kernel;
using Laurel.Storage;

namespace Laurel.App.Features.Achievements;

/// <summary>Who is to be given a badge, and why.</summary>
/// <param name="People">Their keys.</param>
/// <param name="Grant">Tells this giving from the next; a form that is sent twice gives once.</param>
public sealed record HandAward(AchievementKey Achievement, IReadOnlyList<long> People, string Note, Guid Grant);

/// <summary>What came of it: awards, or why there are none.</summary>
/// <param name="Refusal">English text, which pages translate.</param>
public sealed record HandAwarded(IReadOnlyList<NewAward> Awards, string? Refusal)
{
    public static HandAwarded Refused(string why) => new([], why);
}

/// <summary>Gives a badge by hand: a recorded fact that is never recomputed, announced like any other award.</summary>
public static class AwardByHand
{
    public const int LongestNote = 500;

    /// <summary>What a giving came to, in the order of making; nothing where there was none of that id.</summary>
    public static List<(long Award, string Person, string Note)> Of(
        DbConnection connection, DbTransaction transaction, AchievementKey achievement, Guid grant) =>
        [.. connection.Query<(long, string, string)>(
            """
            SELECT w.key, p.id, w.note FROM award w JOIN person p ON p.key = w.person
            WHERE w.achievement = @Value AND w.tier = 0 AND w.occasion = @occasion ORDER BY w.key
            """, new { achievement.Value, occasion = grant.ToString() }, transaction)];

    public static HandAwarded Run(
        DbConnection connection, DbTransaction transaction, Snapshot snapshot, HandAward wanted, DataScope scope, Actor actor, long now)
    {
        var note = wanted.Note.Trim();
        if (note.Length is 0 or > LongestNote)
            return HandAwarded.Refused(Ui.Text("Write a note of up to 500 characters: it is shown with the badge."));
        if (wanted.People.Count == 0) return HandAwarded.Refused(Ui.Text("Choose at least one person."));
        if (SwitchedStore.Find(connection, transaction, wanted.Achievement) is not { IsManual: true } achievement)
            return HandAwarded.Refused(Ui.Text("This badge is not given by hand."));
        if (!Enabling.IsOn(achievement.Spans)) return HandAwarded.Refused(Ui.Text("This badge is off. Switch it on first."));
        if (actor.Key is { } giver && wanted.People.Contains(giver))
            return HandAwarded.Refused(Ui.Text("Nobody gives a badge to themselves."));
        var people = connection.Query<(long Key, string Name)>(
            $"""
            SELECT p.key, p.name FROM person p
            WHERE p.active = 1 AND {Dialect.Of(connection).Among("p.key", "people")} AND {scope.Covers("p.key")}
            """, scope.With(new { people = wanted.People.ToArray() }), transaction).ToDictionary(p => p.Key, p => p.Name);
        if (wanted.People.Any(p => !people.ContainsKey(p)))
            return HandAwarded.Refused(Ui.Text("One of these people is not in your teams, or has left."));

        var title = LocalText.Parse(achievement.Name).In(Language.English);
        PersonLocks.Take(connection, transaction, [.. people.Keys.Select(p => new PersonKey(p))]);
        var made = new List<NewAward>();
        foreach (var person in wanted.People.Distinct())
        {
            if (snapshot.Floor.Person(new PersonKey(person)) is not { } facts) continue;
            var key = connection.ExecuteScalar<long?>(
                """
                INSERT INTO award
                  (achievement, tier, person, occasion, first, last, earned_at, announced_at, value, awarded_by, awarded_via, note)
                VALUES (@achievement, 0, @person, @occasion, @day, @day, @now, @now, 0, @by, @via, @note)
                ON CONFLICT (achievement, tier, person, occasion) DO NOTHING RETURNING key
                """,
                new
                {
                    achievement = wanted.Achievement.Value, person, occasion = wanted.Grant.ToString(),
                    day = facts.WorkdayOf(now).Day.Number, now, by = actor.Key, via = actor.Key is null ? actor.Name : null, note,
                }, transaction);
            if (key is not { } award) continue;
            made.Add(new(award, new(person), wanted.Achievement, now));
            Audit.Write(connection, transaction, actor, now, "award.made", $"{title} · {people[person]}",
                new Change("state", null, "earned"), new Change("note", null, note));
        }
        var touched = new TouchedAwards();
        foreach (var award in made) touched.Add(award.Achievement, award.Person);
        made.AddRange(Followers.Run(connection, transaction, snapshot, touched, now));
        return new(NoticeStore.Tell(connection, transaction, made, now), null);
    }
}
