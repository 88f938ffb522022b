using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Laurel.App.Features.Activities;
using Laurel.App.Platform.Access;
using Laurel.App.Platform.Components;
using Laurel.App.Platform.Localisation;
using Laurel.App.Platform.Work;
using Laurel.Engine.Activities;
using Laurel.Engine.Photos;
using Laurel.Storage;

namespace Laurel.App.Features.People;

/// <summary>Changes what somebody tells of themselves. The profile is completed when bio and photo are first there together.</summary>
public sealed class KeepProfile(Database database, TimeProvider time, WorkRunner work)
{
    /// <summary>Characters.</summary>
    public const int LongestBio = 500;
    public const int MostLanguages = 20;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>What to do about a picture that is not taken: an English text, the key of its translation.</summary>
    public static string Advice(PhotoRefusal refusal) => refusal switch
    {
        PhotoRefusal.Empty => Ui.Text("There is nothing in it. Choose a picture."),
        PhotoRefusal.TooHeavy => Ui.Text("This picture is heavier than 1 MB. Save it smaller, or choose another one."),
        PhotoRefusal.WrongFormat => Ui.Text("This is no JPEG, PNG or WebP. Save the picture as one of these, or choose another one."),
        PhotoRefusal.Damaged => Ui.Text("This picture is damaged. Open it, save it as JPEG or PNG, and choose that."),
        PhotoRefusal.Animated => Ui.Text("This picture moves. Choose one that stands still."),
        PhotoRefusal.TooSmall => Ui.Text("This picture is too small: both sides need 64 pixels or more. Choose a larger one."),
        PhotoRefusal.TooLarge => Ui.Text("This picture has too many pixels: no side may have more than 2,048. Save it smaller."),
    };

    /// <param name="bio">Blank for none.</param>
    /// <param name="languages">BCP 47 tags.</param>
    /// <returns>What is wrong; nothing is changed then.</returns>
    public IReadOnlyList<FieldProblem> Save(long person, string? bio, IEnumerable<string> languages)
    {
        var text = Plain(bio);
        var known = languages.Where(l => l.Length > 0).Select(l => (Said: l, Tag: SpokenLanguages.Tag(l))).ToList();
        var problems = new List<FieldProblem>();
        if (text?.Length > LongestBio) problems.Add(new("Bio", Ui.Text("This is too long: 500 characters at most.")));
        if (known.Any(l => l.Tag is null)) problems.Add(new("Languages", Ui.Text("One of these is no language that is known here.")));
        var tags = known.Select(l => l.Tag).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (tags.Count > MostLanguages) problems.Add(new("Languages", Ui.Text("Choose 20 languages at most.")));
        if (problems.Count > 0) return problems;
        Change(person, (c, t) => c.Execute("UPDATE profile SET bio = @text, languages = @all WHERE person = @person",
            new { text, all = string.Join(',', tags), person }, t));
        return [];
    }

    /// <param name="by">Somebody else, or a program: that is in the audit log. Null where people choose their own.</param>
    /// <returns>Why the file is not taken; the photo stays as it was then.</returns>
    public PhotoRefusal? SetPhoto(long person, byte[] file, Actor? by = null)
    {
        var (photo, refusal) = SafePhoto.Read(file);
        if (photo is null) return refusal;
        Change(person, (c, t) =>
        {
            Put(c, t, person, photo, Now);
            if (by is not null)
                Audit.Write(c, t, by, Now, "person.photo-set",
                    c.ExecuteScalar<string>("SELECT name FROM person WHERE key = @person", new { person }, t)!);
        });
        return null;
    }

    /// <summary>The photo of somebody who has a profile.</summary>
    internal static void Put(DbConnection connection, DbTransaction transaction, long person, SafePhoto photo, long now)
    {
        // What is wider than high before it is turned is higher than wide afterwards.
        var (width, height) = photo.Orientation > 4 ? (photo.Height, photo.Width) : (photo.Width, photo.Height);
        connection.Execute(
            """
            INSERT INTO photo (person, hash, media_type, width, height, bytes, at)
            VALUES (@person, @hash, @MediaType, @width, @height, @Bytes, @now)
            ON CONFLICT (person) DO UPDATE SET hash = excluded.hash, media_type = excluded.media_type, width = excluded.width,
              height = excluded.height, bytes = excluded.bytes, at = excluded.at
            """,
            new
            {
                person, hash = Convert.ToHexStringLower(SHA256.HashData(photo.Bytes))[..32], photo.MediaType, width, height, photo.Bytes,
                now,
            }, transaction);
        FaceDirectory.Touch(connection, transaction);
    }

    public void RemovePhoto(long person) => database.Write((c, t) => Remove(c, t, person));

    /// <summary>Takes away what somebody else tells of themselves: that is in the audit log, without the words or the picture.</summary>
    public void TakeAway(long person, bool photo, Actor by) => database.Write((c, t) =>
    {
        if (c.ExecuteScalar<string?>("SELECT name FROM person WHERE key = @person", new { person }, t) is not { } name) return;
        var gone = photo ? Remove(c, t, person)
            : c.Execute("UPDATE profile SET bio = NULL WHERE person = @person AND bio IS NOT NULL", new { person }, t) > 0;
        if (gone) Audit.Write(c, t, by, Now, photo ? "person.photo-removed" : "person.bio-removed", name);
    });

    private static bool Remove(DbConnection connection, DbTransaction transaction, long person)
    {
        if (connection.Execute("DELETE FROM photo WHERE person = @person", new { person }, transaction) == 0) return false;
        FaceDirectory.Touch(connection, transaction);
        return true;
    }

    private void Change(long person, Action<DbConnection, DbTransaction> change)
    {
        var isComplete = database.Write((c, t) =>
        {
            // Whoever changes the other half at the same moment waits here: one of the two sees both.
            c.Execute("INSERT INTO profile (person) VALUES (@person) ON CONFLICT (person) DO UPDATE SET person = excluded.person",
                new { person }, t);
            change(c, t);
            var completes = c.Execute(
                """
                UPDATE profile SET completed_at = @Now WHERE person = @person AND completed_at IS NULL AND bio IS NOT NULL
                  AND EXISTS (SELECT 1 FROM photo f WHERE f.person = @person)
                """, new { person, Now }, t) > 0;
            if (completes) OwnActivities.Note(c, t, person, UseTypes.ProfileCompleted, 0, Now);
            return completes;
        });
        if (isComplete) work.Wake();
    }

    /// <summary>Without what is no text, and with at most one empty line at a time; null where nothing is left.</summary>
    private static string? Plain(string? text)
    {
        var plain = new StringBuilder();
        var breaks = 2;
        foreach (var rune in (text ?? "").ReplaceLineEndings("\n").Trim().EnumerateRunes())
        {
            if (rune.Value == '\n')
            {
                if (++breaks > 2) continue;
            }
            else if (Rune.IsControl(rune) || rune == Rune.ReplacementChar) continue;
            else if (!Rune.IsWhiteSpace(rune)) breaks = 0;
            plain.Append(rune);
        }
        return plain.ToString().Trim() is { Length: > 0 } kept ? kept : null;
    }
}
