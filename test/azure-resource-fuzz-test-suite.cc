/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "fuzz/azure-fuzz-targets.h"

#include "ns3/azure-resource-importer.h"
#include "ns3/test.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <vector>

using namespace ns3;
using namespace ns3::azure;
using namespace ns3::azure::test;

namespace
{

/// Where the inputs are.
const std::string g_fuzz = std::string(NS_TEST_SOURCEDIR) + "/fuzz/";

/**
 * @param file a file
 * @return its content
 */
std::string
ReadAll(const std::string& file)
{
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream content;
    content << stream.rdbuf();
    return content.str();
}

/**
 * @param file a dictionary of libFuzzer
 * @return its words
 */
std::vector<std::string>
ReadDictionary(const std::string& file)
{
    std::vector<std::string> words;
    std::ifstream stream(file);
    for (std::string line; std::getline(stream, line);)
    {
        const auto last = line.rfind('"');
        if (line.empty() || line[0] != '"' || last == 0)
        {
            continue;
        }
        std::string word;
        for (std::size_t i = 1; i < last; ++i)
        {
            const bool isEscaped = line[i] == '\\';
            i += isEscaped ? 1 : 0;
            if (isEscaped && line[i] == 'x')
            {
                word += static_cast<char>(std::stoi(line.substr(i + 1, 2), nullptr, 16));
                i += 2;
                continue;
            }
            word += line[i];
        }
        words.push_back(word);
    }
    return words;
}

/** The inputs of a libFuzzer harness, and changes of them that are the same in every run. */
class ReplayTestCase : public TestCase
{
  public:
    /// What must hold for an input.
    using Target = std::string (*)(const std::string&);

    /**
     * @param corpus folder of the inputs
     * @param dictionary file of words to put in
     * @param target what must hold
     * @param runs changed inputs
     */
    ReplayTestCase(const std::string& corpus,
                   const std::string& dictionary,
                   Target target,
                   uint32_t runs)
        : TestCase("Inputs of the harness " + corpus + " and changes of them"),
          m_corpus(corpus),
          m_dictionary(dictionary),
          m_target(target),
          m_runs(runs)
    {
    }

  private:
    void DoRun() override
    {
        std::vector<std::string> files;
        for (const auto& entry : std::filesystem::directory_iterator(g_fuzz + "corpus/" + m_corpus))
        {
            files.push_back(entry.path().string());
        }
        std::sort(files.begin(), files.end());
        NS_TEST_ASSERT_MSG_GT(files.size(), 2, "the corpus has to be there");
        std::vector<std::string> inputs;
        for (const auto& file : files)
        {
            inputs.push_back(ReadAll(file));
            NS_TEST_EXPECT_MSG_EQ(m_target(inputs.back()), "", file);
        }
        const auto words = ReadDictionary(g_fuzz + m_dictionary);
        NS_TEST_ASSERT_MSG_GT(words.size(), 20, "the dictionary has to be there");
        std::mt19937 random(11); // the generator's output is fixed by the standard
        for (uint32_t run = 0; run < m_runs; ++run)
        {
            auto text = inputs[random() % inputs.size()];
            for (auto changes = 1 + random() % 4; changes > 0; --changes)
            {
                Change(text, inputs[random() % inputs.size()], words, random);
            }
            NS_TEST_EXPECT_MSG_EQ(m_target(text), "", "run " << run << ": " << text);
        }
    }

    /**
     * @param[in,out] text changed in one place
     * @param other another input, of which a piece may be put in
     * @param words words that may be put in
     * @param random numbers
     */
    static void Change(std::string& text,
                       const std::string& other,
                       const std::vector<std::string>& words,
                       std::mt19937& random)
    {
        const auto at = random() % (text.size() + 1);
        switch (random() % 5)
        {
        case 0:
            text.insert(at, 1, static_cast<char>(random() % 256));
            break;
        case 1:
            text.erase(at, 1 + random() % 8);
            break;
        case 2:
            text.replace(at, random() % 4, words[random() % words.size()]);
            break;
        case 3:
            text.insert(at, other.substr(random() % (other.size() + 1), random() % 64));
            break;
        default:
            text.insert(at, words[random() % words.size()]);
        }
    }

    std::string m_corpus;     //!< folder of the inputs
    std::string m_dictionary; //!< file of words
    Target m_target;          //!< what must hold
    uint32_t m_runs;          //!< changed inputs
};

/** The first inputs of a corpus are sound, so that changes of them go deep. */
class SoundCorpusTestCase : public TestCase
{
  public:
    SoundCorpusTestCase()
        : TestCase("Unchanged templates of the corpus are imported")
    {
    }

  private:
    void DoRun() override
    {
        for (const char* name : {"loop", "nested", "scale-set", "reply", "wrapped"})
        {
            const auto text = ReadAll(g_fuzz + "corpus/azure-resource-import/" + name);
            const auto end = text.find("\n----\n");
            const auto deployment =
                ResourceImporter().Import(text.substr(0, end),
                                          end == std::string::npos ? "" : text.substr(end + 6));
            NS_TEST_EXPECT_MSG_EQ((deployment.errors.empty() ? "" : deployment.errors[0].ToText()),
                                  "",
                                  name);
        }
    }
};

/** Bounded replay of the fuzz harnesses, without Clang. */
class ResourceFuzzTestSuite : public TestSuite
{
  public:
    ResourceFuzzTestSuite()
        : TestSuite("azure-resource-fuzz", Type::UNIT)
    {
        AddTestCase(new SoundCorpusTestCase, Duration::QUICK);
        AddTestCase(new ReplayTestCase("azure-arm-expression",
                                       "azure-arm-expression.dict",
                                       FuzzTargets::Expression,
                                       20000),
                    Duration::QUICK);
        AddTestCase(new ReplayTestCase("azure-resource-import",
                                       "azure-json.dict",
                                       FuzzTargets::Import,
                                       3000),
                    Duration::QUICK);
        AddTestCase(
            new ReplayTestCase("azure-scenario", "azure-json.dict", FuzzTargets::Scenario, 5000),
            Duration::QUICK);
        AddTestCase(
            new ReplayTestCase("azure-gateway", "azure-gateway.dict", FuzzTargets::Gateway, 10000),
            Duration::QUICK);
    }
};

/** Registers the suite. */
ResourceFuzzTestSuite g_resourceFuzzTestSuite;

} // namespace
